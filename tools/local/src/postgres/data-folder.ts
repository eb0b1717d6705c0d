import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalError } from '../errors.js';
import { type Log } from '../log.js';
import { reachableFolder } from '../paths.js';
import { commandLine } from '../processes/process-table.js';
import { versions } from '../versions.js';
import { type PostgresBinaries } from './binaries.js';
import { canReach, type SystemUser, unprivilegedUser } from './system-user.js';

const run = promisify(execFile);

export interface DataFolder {
  /** PostgreSQL's own folder (PGDATA). */
  readonly path: string;
  /** Of the superuser `postgres`; made at the first start, kept in a file only its owner reads. */
  readonly password: string;
}

/** Where the data for `dataDir` really lies: elsewhere only for root, when PostgreSQL's user cannot enter it. */
export const placeOf = (dataDir: string, user: SystemUser | undefined): string =>
  user === undefined || canReach(join(dataDir, 'pgdata'), user) ? dataDir : reachableFolder(dataDir);

/** Removes all data of a server that does not run, wherever it lies. */
export async function erasePostgres(dataDir: string): Promise<void> {
  const places = [dataDir, placeOf(dataDir, unprivilegedUser())];
  await Promise.all(places.map((place) => rm(place, { recursive: true, force: true })));
}

/** Makes the data folder at the first start; a half-made one of a crashed start is never taken for whole. */
export async function prepareDataFolder(dataDir: string, binaries: PostgresBinaries, user: SystemUser | undefined, log: Log): Promise<DataFolder> {
  const place = placeOf(dataDir, user);
  const path = join(place, 'pgdata');
  await mkdir(place, { recursive: true });
  if (user !== undefined) await chmod(place, 0o755);
  const password = await passwordIn(place);
  if (await exists(join(path, 'PG_VERSION'))) {
    await checkVersion(path);
    await dropForeignLock(path);
  } else {
    log('creating the data folder');
    await create({ path, password, binaries, user });
  }
  return { path, password };
}

async function create(wanted: DataFolder & { binaries: PostgresBinaries; user: SystemUser | undefined }): Promise<void> {
  const unfinished = `${wanted.path}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await rm(wanted.path, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const passwordFile = `${unfinished}.password`;
  await writeFile(passwordFile, wanted.password, { mode: 0o600 });
  if (wanted.user !== undefined) await Promise.all([unfinished, passwordFile].map((owned) => chown(owned, wanted.user?.uid ?? 0, wanted.user?.gid ?? 0)));
  try {
    // The builtin C.UTF-8 sorts alike on every machine, whatever locales it has.
    await run(
      wanted.binaries.initdb,
      ['--pgdata', unfinished, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8',
        '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-sync'],
      { cwd: '/', env: { ...process.env, LC_ALL: 'C' }, ...wanted.user },
    );
    await rename(unfinished, wanted.path);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function passwordIn(place: string): Promise<string> {
  const file = join(place, 'superuser-password');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known !== '') return known;
  const password = randomBytes(18).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

async function checkVersion(path: string): Promise<void> {
  const major = (await readFile(join(path, 'PG_VERSION'), 'utf8')).trim();
  const [expected] = versions.postgres.split('.');
  if (major === expected) return;
  throw new LocalError('DATA_OF_OTHER_VERSION', `${path} was written by PostgreSQL ${major}, this is ${versions.postgres}: start with --reset to empty it.`);
}

/** After a crash the pid in postmaster.pid may by now be another program's; PostgreSQL would then refuse to start. */
async function dropForeignLock(path: string): Promise<void> {
  const lock = join(path, 'postmaster.pid');
  const [pid] = (await readFile(lock, 'utf8').catch(() => '')).split('\n');
  if (pid && !commandLine(Number(pid)).includes(path)) await rm(lock, { force: true });
}

const exists = (file: string): Promise<boolean> => access(file).then(() => true, () => false);
