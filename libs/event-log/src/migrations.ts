import { fileURLToPath } from 'node:url';
import type { MigrationSet } from '@lifeos/postgres';

/** The tables that the event log owns in each service's database. */
export const eventLogMigrations: MigrationSet = {
  // One level above both src and dist.
  dir: fileURLToPath(new URL('../migrations', import.meta.url)),
  table: 'event_log_migrations',
};
