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
const withinReach = '/var/lib/lifeos';

/** Where the data of an unreachable folder lies instead. */
export const reachableFolder = (insteadOf: string): string =>
  join(withinReach, createHash('sha256').update(resolve(insteadOf)).digest('hex').slice(0, 16));

/** Where the programs lie when the checkout is unreachable. */
export const reachableBinaries = (version: string): string => join(withinReach, `postgres-binaries-${version}`);
