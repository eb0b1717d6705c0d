import { fileURLToPath } from 'node:url';
import type { MigrationSet } from '@lifeos/postgres';

/** The tables that this library needs in a service's database. */
export const deliveryMigrations: MigrationSet = {
  dir: fileURLToPath(new URL('../migrations', import.meta.url)),
  table: 'delivery_migrations',
};
