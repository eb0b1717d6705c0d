import { LocalError } from '../errors.js';
import { isAlive, send } from './process-table.js';
import { closeWatchdog } from './watchdog.js';

/** What goes first when everything stops: services write to the others until their end. */
export const stopOrder = ['service', 'registry', 'broker', 'database'] as const;
export type StopRank = (typeof stopOrder)[number];

interface Stoppable {
  readonly rank: StopRank;
  readonly pid: number;
  stop(): Promise<void>;
}

const running = new Set<Stoppable>();
let isClosed = false;

/** @throws LocalError when everything is being stopped: nothing may start any more. */
export function mayStart(name: string): void {
  if (isClosed) throw new LocalError('PART_FAILED', `${name} is not started: everything is being stopped.`);
}

export function register(process: Stoppable): void {
  running.add(process);
}

export function unregister(process: Stoppable): void {
  running.delete(process);
}

/** Stops every process this one started, rank by rank. From then on nothing starts any more, also what is under way. */
export async function stopAll(onRank: (rank: StopRank) => void = () => undefined): Promise<void> {
  isClosed = true;
  for (const rank of stopOrder) {
    const members = [...running].filter((process) => process.rank === rank);
    if (members.length > 0) onRank(rank);
    await Promise.all(members.map((process) => process.stop()));
  }
  await closeWatchdog();
}

/** At once and without ceremony. */
export function killAll(): void {
  for (const { pid } of running) if (isAlive(pid)) send(pid, 'SIGKILL');
}
