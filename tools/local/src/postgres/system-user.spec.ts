import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { placeOf } from './data-folder.js';
import { canReach } from './system-user.js';

const stranger = { uid: 54_321, gid: 54_321 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reach-'));
  await mkdir(join(folder, 'inner'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('canReach', () => {
  it('is false under a folder that only its owner may enter', async () => {
    await chmod(folder, 0o700);
    expect(canReach(join(folder, 'inner/data'), stranger)).toBe(false);
    expect(placeOf(join(folder, 'inner'), stranger)).toMatch(/^\/var\/lib\/lifeos\/[0-9a-f]{16}$/);
  });

  it('is true when every folder above is open, also for what does not exist yet', async () => {
    await chmod(folder, 0o755);
    expect(canReach(join(folder, 'inner/not/there/yet'), stranger)).toBe(true);
    expect(placeOf(join(folder, 'inner'), stranger)).toBe(join(folder, 'inner'));
  });

  it('needs no other place when PostgreSQL runs as ourselves', async () => {
    await chmod(folder, 0o700);
    expect(placeOf(join(folder, 'inner'), undefined)).toBe(join(folder, 'inner'));
  });
});
