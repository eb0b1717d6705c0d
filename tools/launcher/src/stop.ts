import { killAll, stopAll, type StopRank } from '@lifeos/local';
import { type Terminal } from './terminal.js';

export interface StopRequest {
  /** Resolves at the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly requested: Promise<'stop'>;
  isRequested(): boolean;
  /** From now on one signal is enough to kill what is left. */
  begin(): void;
}

/** npm passes on what the terminal has sent to all: a second one within a moment is the same. */
const sameSignalMs = 300;

/** The first signal asks for an orderly stop, the second one kills at once. */
export function watchForStop(terminal: Terminal): StopRequest {
  let isRequested = false;
  // Waiting for a signal does not keep Node alive by itself.
  const alive = setInterval(() => undefined, 60_000);
  const requested = new Promise<'stop'>((resolve) => {
    let first: number | undefined;
    const onSignal = (): void => {
      if (first !== undefined && performance.now() - first < sameSignalMs) return;
      if (isRequested) killNow();
      first = performance.now();
      isRequested = true;
      terminal.say('\nStopping … (Ctrl-C again kills at once)');
      resolve('stop');
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
  const begin = (): void => {
    isRequested = true;
    clearInterval(alive);
  };
  return { requested, isRequested: () => isRequested, begin };
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
