import { killAll, stopAll, type StopRank } from '../processes/running.js';
import { type Terminal } from './terminal.js';

export interface StopRequest {
  /** Resolves at the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly requested: Promise<'stop'>;
  isRequested(): boolean;
  /** From now on one signal is enough to kill what is left. */
  begin(): void;
}

/** The first signal asks for an orderly stop, the second one kills at once. */
export function watchForStop(terminal: Terminal): StopRequest {
  let isRequested = false;
  const requested = new Promise<'stop'>((resolve) => {
    const onSignal = (): void => {
      if (isRequested) killNow();
      isRequested = true;
      terminal.say('\nStopping … (Ctrl-C again kills at once)');
      resolve('stop');
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
  return { requested, isRequested: () => isRequested, begin: () => (isRequested = true) };
}

const names: Record<StopRank, string> = { service: 'services', registry: 'registry', broker: 'Kafka', database: 'PostgreSQL' };

/** Services, registry, broker, database: each is told of only when it ran. */
export async function stopEverything(terminal: Terminal, stop: StopRequest): Promise<void> {
  stop.begin();
  const stopped: string[] = [];
  await stopAll((rank) => stopped.push(names[rank]));
  if (stopped.length > 0) terminal.say(`Stopped: ${stopped.join(', ')}.`);
}

function killNow(): never {
  killAll();
  process.exit(130);
}
