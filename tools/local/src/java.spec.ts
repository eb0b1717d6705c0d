import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findJava, type JavaDownload, parseJavaMajor } from './java.js';
import { silent } from './log.js';

describe('parseJavaMajor', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "25-ea" 2025-09-16', 25],
    ['command not found', 0],
  ])('%s is %i', (output, major) => expect(parseJavaMajor(output)).toBe(major));
});

describe('findJava, where none is installed', () => {
  let cache: string;
  beforeEach(async () => void (cache = await mkdtemp(join(tmpdir(), 'java-'))));
  afterEach(() => rm(cache, { recursive: true, force: true }));

  const search = (download: JavaDownload) => findJava(silent, { env: { PATH: cache, LIFEOS_CACHE: cache }, download });
  async function put(folder: string): Promise<void> {
    const bin = process.platform === 'darwin' ? 'jdk/Contents/Home/bin' : 'jdk/bin';
    await mkdir(join(folder, bin), { recursive: true });
    await writeFile(join(folder, bin, 'java'), '');
  }

  it('fetches one for all who ask at the same time, and later none', async () => {
    let downloads = 0;
    const download: JavaDownload = async (folder) => {
      downloads += 1;
      await put(join(folder, 'jre'));
    };
    const [one, two] = await Promise.all([search(download), search(download)]);
    expect(one).toContain(join(cache, 'jre-17', 'jdk'));
    expect([two, await search(download)]).toEqual([one, one]);
    expect(downloads).toBe(1);
    expect(await readdir(cache)).toEqual(['jre-17']);
  });

  it('takes the one that another process put there meanwhile', async () => {
    const java = await search(async (folder) => {
      await Promise.all([put(join(folder, 'jre')), put(join(cache, 'jre-17'))]);
    });
    expect(java).toContain(join(cache, 'jre-17'));
    expect(await readdir(cache)).toEqual(['jre-17']);
  });

  it('says what to install when none can be fetched, leaves nothing behind, and tries again next time', async () => {
    const missing = { code: 'JAVA_MISSING', message: 'Kafka and the registry need Java 17 or newer: install one and set JAVA_HOME (tried JAVA_HOME, PATH and a download: no route).' };
    await expect(search(() => Promise.reject(new Error('no route')))).rejects.toMatchObject(missing);
    expect(await readdir(cache)).toEqual([]);
    expect(await search((folder) => put(join(folder, 'jre')))).toContain('jre-17');
  });
});
