import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LocalError } from '../errors.js';
import { type Log } from '../log.js';
import { commandLine, endProcess, isAlive } from './process-table.js';

/** Command lines are kept because a pid alone may by now belong to somebody else. */
interface PidFile {
  readonly pid: number;
  readonly command: string;
  readonly owner: { readonly pid: number; readonly command: string };
}

export async function writePidFile(path: string, pid: number): Promise<void> {
  const content: PidFile = { pid, command: commandLine(pid), owner: { pid: process.pid, command: commandLine(process.pid) } };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, JSON.stringify(content));
  await rename(`${path}.new`, path);
}

export const removePidFile = (path: string): Promise<void> => rm(path, { force: true });

/**
 * Ends the process that an earlier start left behind when it crashed.
 * @throws LocalError DATA_IN_USE when its starter still lives.
 */
export async function reapStale(path: string, what: string, log: Log): Promise<void> {
  const stale = await readPidFile(path);
  if (stale !== undefined && isSame(stale)) {
    if (stale.owner.pid !== process.pid && isSame(stale.owner)) {
      throw new LocalError('DATA_IN_USE', `${what} of this folder already runs (process ${stale.pid}, started by ${stale.owner.pid}): stop that first.`);
    }
    log(`${what} left over from a crash (process ${stale.pid}) is stopped first`);
    await endProcess(stale.pid, 'SIGINT', 10_000);
  }
  await removePidFile(path);
}

const isSame = (known: { pid: number; command: string }): boolean =>
  isAlive(known.pid) && known.command !== '' && commandLine(known.pid) === known.command;

async function readPidFile(path: string): Promise<PidFile | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as PidFile;
  } catch {
    // Missing, or cut short by the crash: then the part's own lock (postmaster.pid, .lock) speaks.
    return undefined;
  }
}
