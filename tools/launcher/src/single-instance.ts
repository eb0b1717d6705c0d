import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { commandLine, hasCode, isAlive } from '@lifeos/local';

/** Another `npm start` of this checkout is up. */
export class AlreadyUp extends Error {
  readonly code = 'ALREADY_UP';
  readonly retryable = false;

  constructor(pid: number, runFile: string) {
    super(`Life OS of this checkout is already up (process ${pid}); ${runFile} says where. Stop that first, with Ctrl-C or \`kill ${pid}\`.`);
    this.name = 'AlreadyUp';
  }
}

/**
 * Takes the lock of this checkout; one that a crashed start left behind is taken over.
 * @returns what gives it back
 * @throws AlreadyUp
 */
export async function takeLock(path: string, runFile: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  if (!(await createWithOwner(path))) {
    const [pid, command] = (await readFile(path, 'utf8')).split('\n');
    const owner = Number(pid);
    if (isAlive(owner) && commandLine(owner) === command) throw new AlreadyUp(owner, runFile);
    await rm(path, { force: true });
    if (!(await createWithOwner(path))) throw new AlreadyUp(owner, runFile);
  }
  return () => rm(path, { force: true });
}

async function createWithOwner(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(`${process.pid}\n${commandLine(process.pid)}`);
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}
