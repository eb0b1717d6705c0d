import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import mavenDownload from 'mvn-artifact-download';
import { LocalError, messageOf } from '../errors.js';

/** A published file by its Maven coordinates `group:artifact[:extension[:classifier]]:version`, and what it must hash to. */
export interface Artifact {
  readonly coordinates: string;
  readonly sha256: string;
}

/** Puts the artifact into `folder` as `filename`; it may fail, or write something else than what was asked for. */
export type Download = (coordinates: string, folder: string, filename: string) => Promise<unknown>;

const downloadTimeoutMs = 180_000;
const attempts = 3;

/**
 * The path of the artifact in `folder`, fetched if it is not there. Only a file with the right checksum is
 * ever found under that path: a damaged one is fetched anew, and a download with another checksum is refused.
 */
export async function fetchArtifact(artifact: Artifact, folder: string, download: Download = fromMaven): Promise<string> {
  const path = join(folder, `${artifact.coordinates.replaceAll(':', '_')}`);
  if ((await sha256Of(path)) === artifact.sha256) return path;
  await mkdir(folder, { recursive: true });
  await downloadVerified(artifact, { folder, path, download });
  return path;
}

async function downloadVerified(artifact: Artifact, to: { folder: string; path: string; download: Download }): Promise<void> {
  const filename = `.part-${process.pid}-${artifact.coordinates.replaceAll(':', '_')}`;
  const part = join(to.folder, filename);
  try {
    await downloadWithRetries(artifact.coordinates, () => to.download(artifact.coordinates, to.folder, filename));
    const actual = await sha256Of(part);
    if (actual !== artifact.sha256) {
      throw new LocalError('CHECKSUM_MISMATCH', `${artifact.coordinates} has SHA-256 ${actual}, expected ${artifact.sha256}: refused.`);
    }
    await rename(part, to.path);
  } finally {
    await rm(part, { force: true });
  }
}

async function downloadWithRetries(coordinates: string, download: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await withTimeout(download());
      return;
    } catch (error) {
      if (attempt === attempts) {
        const advice = 'is the network reachable? LIFEOS_MAVEN_REPOSITORY names a mirror';
        throw new LocalError('DOWNLOAD_FAILED', `${coordinates} could not be fetched (${messageOf(error)}): ${advice}.`, true, { cause: error });
      }
      await sleep(500 * attempt);
    }
  }
}

async function withTimeout(work: Promise<unknown>): Promise<void> {
  const late = new AbortController();
  const timeout = sleep(downloadTimeoutMs, undefined, { signal: late.signal }).then(() => {
    throw new Error(`no end after ${downloadTimeoutMs / 1000} s`);
  });
  timeout.catch(() => undefined);
  // A connection that breaks half-way leaves mvn-artifact-download waiting for ever.
  await Promise.race([work, timeout]).finally(() => late.abort());
}

const fromMaven: Download = (coordinates, folder, filename) =>
  mavenDownload.default(coordinates, folder, repository(), filename, { timeout: 60_000 });

function repository(): string | undefined {
  const mirror = process.env['LIFEOS_MAVEN_REPOSITORY'];
  return mirror ? `${mirror.replace(/\/$/, '')}/` : undefined;
}

/** Nothing when there is no such file. */
async function sha256Of(path: string): Promise<string | undefined> {
  try {
    await access(path);
  } catch {
    return undefined;
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
