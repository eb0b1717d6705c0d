import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readRunFile, removeRunFile, writeRunFile } from './run-file.js';

const content = {
  kafka: { brokers: ['127.0.0.1:9092'], pid: 1 },
  registry: { url: 'http://127.0.0.1:8081/apis/ccompat/v7', pid: 2 },
  postgres: { pid: 3, databases: { quests: 'postgres://quests:secret@127.0.0.1:5432/quests' } },
  services: { quests: { url: 'http://127.0.0.1:3001', pid: 4 } },
};

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-file-'));
  file = join(folder, 'run.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('run.json', () => {
  it('says what runs where, and leaves no half-written file beside it', async () => {
    await writeRunFile(file, content);
    expect(await readRunFile(file)).toEqual(content);
    expect(await readdir(folder)).toEqual(['run.json']);
  });

  it('is for its owner only, since it names passwords', async () => {
    await writeRunFile(file, content);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('is gone after a stop, and its absence is no error', async () => {
    await writeRunFile(file, content);
    await removeRunFile(file);
    await removeRunFile(file);
    expect(await readRunFile(file)).toBeUndefined();
  });
});
