import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Download, fetchArtifact } from './fetch-artifact.js';

const genuine = 'the jar as it was published';
const artifact = { coordinates: 'org.example:thing:1.0.0', sha256: createHash('sha256').update(genuine).digest('hex') };
const writes = (content: string) => jest.fn<Download>((_coordinates, folder, filename) => writeFile(join(folder, filename), content));

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'artifacts-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('fetchArtifact', () => {
  it('fetches once and then finds it', async () => {
    const download = writes(genuine);
    const path = await fetchArtifact(artifact, folder, download);
    expect(await fetchArtifact(artifact, folder, download)).toBe(path);
    expect(await readFile(path, 'utf8')).toBe(genuine);
    expect(download).toHaveBeenCalledTimes(1);
  });

  it('refuses a tampered download and leaves nothing of it', async () => {
    await expect(fetchArtifact(artifact, folder, writes('something else'))).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      message: expect.stringContaining(artifact.sha256),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('never hands out a file of the cache that was changed: it fetches it anew', async () => {
    const path = await fetchArtifact(artifact, folder, writes(genuine));
    await writeFile(path, 'tampered with');
    await expect(fetchArtifact(artifact, folder, writes('tampered with'))).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
    expect(await readFile(await fetchArtifact(artifact, folder, writes(genuine)), 'utf8')).toBe(genuine);
  });

  it('tries again when the network fails, and says how to help after the third time', async () => {
    const works = writes(genuine);
    const flaky = jest.fn<Download>(works).mockRejectedValueOnce(new Error('ECONNRESET'));
    await fetchArtifact(artifact, folder, flaky);
    expect(flaky).toHaveBeenCalledTimes(2);

    const broken = jest.fn<Download>().mockRejectedValue(new Error('ENOTFOUND'));
    await expect(fetchArtifact({ ...artifact, coordinates: 'org.example:other:1.0.0' }, folder, broken)).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      retryable: true,
      message: expect.stringMatching(/org\.example:other.*ENOTFOUND.*LIFEOS_MAVEN_REPOSITORY/s),
    });
  });
});
