import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { commandLine } from '@lifeos/local';
import { takeLock } from './single-instance.js';

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  lock = join(folder, 'launcher.lock');
});
afterEach(() => rm(folder, { recursive: true }));

describe('takeLock', () => {
  it('refuses while another start of the checkout is up, and tells which and where to look', async () => {
    await writeFile(lock, `${process.ppid}\n${commandLine(process.ppid)}`);
    await expect(takeLock(lock, '.local/run.json')).rejects.toMatchObject({
      code: 'ALREADY_UP',
      message: expect.stringMatching(new RegExp(`process ${process.ppid}.*\\.local/run\\.json`)),
    });
  });

  it('takes over from a start that crashed, also when its pid belongs to a stranger by now', async () => {
    await writeFile(lock, `${process.ppid}\nnode tools/start.mjs of long ago`);
    const unlock = await takeLock(lock, '.local/run.json');
    await unlock();
    await (await takeLock(lock, '.local/run.json'))();
  });
});
