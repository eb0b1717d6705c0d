import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silent } from '../log.js';
import { reapStale, writePidFile } from './pid-file.js';
import { isAlive } from './process-table.js';

let folder: string;
let file: string;
const children: ChildProcess[] = [];

async function sleeper(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', folder]);
  children.push(child);
  await new Promise((resolve) => child.once('spawn', resolve));
  return child.pid ?? 0;
}

/** As if another process, by now dead, had started it. */
async function orphan(path: string): Promise<void> {
  const content = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...content, owner: { pid: 2 ** 22 + 1, command: 'node launcher' } }));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pids-'));
  file = join(folder, 'part.pid.json');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

describe('reapStale', () => {
  it('has nothing to do at the first start', async () => {
    await expect(reapStale(file, 'the part', silent)).resolves.toBeUndefined();
  });

  it('ends what a crashed start left running, and says so', async () => {
    const lines: string[] = [];
    const pid = await sleeper();
    await writePidFile(file, pid);
    await orphan(file);
    await reapStale(file, 'the part', (line) => lines.push(line));
    expect(isAlive(pid)).toBe(false);
    expect(lines).toEqual([`the part left over from a crash (process ${pid}) is stopped first`]);
  });

  it('leaves a stranger alone that got the same pid since', async () => {
    const pid = await sleeper();
    await writeFile(file, JSON.stringify({ pid, command: 'postgres -D elsewhere', owner: { pid: 1, command: 'x' } }));
    await reapStale(file, 'the part', silent);
    expect(isAlive(pid)).toBe(true);
  });

  it('refuses when the one who started it still lives', async () => {
    const [pid, owner] = [await sleeper(), await sleeper()];
    await writePidFile(file, owner);
    const { pid: ownerPid, command } = JSON.parse(await readFile(file, 'utf8')) as { pid: number; command: string };
    await writePidFile(file, pid);
    const content = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...content, owner: { pid: ownerPid, command } }));
    await expect(reapStale(file, 'the part', silent)).rejects.toMatchObject({ code: 'DATA_IN_USE', message: expect.stringContaining(String(owner)) });
    expect(isAlive(pid)).toBe(true);
  });

  it('survives a pid file that was cut short', async () => {
    await writeFile(file, '{"pid": 12');
    await expect(reapStale(file, 'the part', silent)).resolves.toBeUndefined();
  });
});
