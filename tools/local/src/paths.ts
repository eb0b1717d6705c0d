import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workspace root. */
export const checkout = fileURLToPath(new URL('../../../', import.meta.url));

/** tools/local itself: where kafka.lock.json and watchdog.mjs lie. */
export const packageRoot = fileURLToPath(new URL('../', import.meta.url));

/** What is fetched once a machine and shared between clones: `$LIFEOS_CACHE`, else the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['LIFEOS_CACHE']) return resolve(env['LIFEOS_CACHE']);
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'lifeos');
  return join(homedir(), '.cache', 'lifeos');
}

/** For root only: PostgreSQL runs as another user, who cannot enter a 0700 home. */
export const reachableFolder = (forPath: string): string =>
  join('/var/lib/lifeos', createHash('sha256').update(resolve(forPath)).digest('hex').slice(0, 16));
