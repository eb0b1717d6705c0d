import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import { type Log } from '../log.js';
import { cacheFolder } from '../paths.js';
import { registryArchiveSha256, versions } from '../versions.js';
import { fetchArtifact } from './fetch-artifact.js';

const runner = `apicurio-registry-app-${versions.apicurioRegistry}-runner.jar`;

/** The path of the registry's runnable jar, its libraries beside it. */
export async function registryJar(log: Log): Promise<string> {
  const folder = join(cacheFolder(), `apicurio-registry-${versions.apicurioRegistry}`);
  if (!(await exists(join(folder, runner)))) {
    log(`fetching Apicurio Registry ${versions.apicurioRegistry} (104 MB)`);
    await fetchAndUnpack(folder);
  }
  return join(folder, runner);
}

async function fetchAndUnpack(folder: string): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  const unpacked = await mkdtemp(join(cacheFolder(), '.registry-'));
  try {
    const coordinates = `io.apicurio:apicurio-registry-app:tar.gz:all:${versions.apicurioRegistry}`;
    const archive = await fetchArtifact({ coordinates, sha256: registryArchiveSha256 }, unpacked);
    await extract({ file: archive, cwd: unpacked });
    await rm(archive);
    await rename(unpacked, folder).catch(async (error: unknown) => {
      // Another clone was faster; what it unpacked is the same.
      if (!(await exists(join(folder, runner)))) throw error;
    });
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
