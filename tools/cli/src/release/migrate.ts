import { fileURLToPath } from 'node:url';
import { deliveryMigrations } from '@lifeos/delivery';
import { eventLogMigrations } from '@lifeos/event-log';
import { migrate, type MigrationRun } from '@lifeos/postgres';
import { type ServiceName } from './services.js';

/**
 * Brings a service's database up to date: the tables of the event path, then its own. Doing it again changes nothing.
 * @returns what was run
 * @throws Error naming the file that failed; of its set nothing remains
 */
export function migrateService({ service, url }: { readonly service: ServiceName; readonly url: string }): Promise<MigrationRun[]> {
  const own = { dir: fileURLToPath(new URL(`../../../../apps/${service}/migrations`, import.meta.url)), table: 'service_migrations' };
  // By its path: the release step needs no service to run.
  const schedule = { dir: fileURLToPath(new URL('../../../../libs/service/migrations', import.meta.url)), table: 'schedule_migrations' };
  return migrate({ url, sets: [eventLogMigrations, deliveryMigrations, schedule, own] });
}
