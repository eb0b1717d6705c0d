import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout, erasePostgres } from '@lifeos/local';

/** Everything that `npm start` writes lies under .local of the checkout. */
export function foldersIn(root: string) {
  return {
    root,
    runFile: join(root, 'run.json'),
    lock: join(root, 'launcher.lock'),
    logs: join(root, 'logs'),
    keys: {
      privateKeyFile: join(root, 'keys', 'jwt-private.pem'),
      publicKeyFile: join(root, 'keys', 'jwt-public.pem'),
      credentialsKeyFile: join(root, 'keys', 'credentials.key'),
    },
    pids: join(root, 'pids'),
    data: join(root, 'data'),
    postgres: join(root, 'data', 'postgres'),
    kafka: join(root, 'data', 'kafka'),
    registry: join(root, 'data', 'registry'),
  };
}

export type Folders = ReturnType<typeof foldersIn>;

/** `LIFEOS_LOCAL` names another place, such as for a second stack of one checkout. */
export const localFolders = (): Folders => foldersIn(process.env['LIFEOS_LOCAL'] ?? join(checkout, '.local'));

/** What `--reset` empties: all data, and the logs about it. */
export async function emptyData(folders: Folders): Promise<void> {
  await erasePostgres(folders.postgres);
  await Promise.all([folders.data, folders.logs, folders.pids].map((folder) => rm(folder, { recursive: true, force: true })));
}
