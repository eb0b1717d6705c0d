import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { deliveryMigrations } from '@lifeos/delivery';
import { eventLogMigrations } from '@lifeos/event-log';
import { sqlState, type MigrationSet, type Queryable } from '@lifeos/postgres';

const scheduleMigrations: MigrationSet = { dir: fileURLToPath(new URL('../../migrations', import.meta.url)), table: 'schedule_migrations' };

/** Every set of migrations that a service's database needs, in order; `folder` holds the service's own. */
export function serviceMigrations(folder: URL): MigrationSet[] {
  return [eventLogMigrations, deliveryMigrations, scheduleMigrations, { dir: fileURLToPath(folder).replace(/[/\\]$/, ''), table: 'service_migrations' }];
}

/** The release step of this service has not run on this database. */
export class NotMigrated extends Error {
  readonly code = 'NOT_MIGRATED';
  readonly retryable = false;

  constructor(service: string, readonly pending: readonly string[]) {
    super(`Its database lacks ${pending.length} migration(s): ${pending.join(', ')}. Run: lifeos migrate ${service}`);
    this.name = 'NotMigrated';
  }
}

/** @throws NotMigrated naming what is missing. A database that is ahead, as in the middle of a rollout, is fine. */
export async function requireMigrated(service: string, database: Queryable, sets: readonly MigrationSet[]): Promise<void> {
  const pending: string[] = [];
  for (const set of sets) {
    const done = await appliedIn(database, set.table);
    pending.push(...(await filesIn(set.dir)).filter((name) => !done.has(name)));
  }
  if (pending.length > 0) throw new NotMigrated(service, pending);
}

async function filesIn(dir: string): Promise<string[]> {
  const names = await readdir(dir);
  return names.filter((name) => name.endsWith('.sql')).map((name) => name.slice(0, -'.sql'.length)).sort();
}

const undefinedTable = '42P01';

async function appliedIn(database: Queryable, table: string): Promise<Set<string>> {
  try {
    const { rows } = await database.query<{ name: string }>(`SELECT name FROM "${table}"`);
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (sqlState(error) === undefinedTable) return new Set();
    throw error;
  }
}
