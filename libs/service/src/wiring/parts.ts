import type { DeadLetterDesk } from '@lifeos/delivery';
import type { EventLog, Relay } from '@lifeos/event-log';
import type { Database } from '@lifeos/postgres';
import type { Clock } from '../clock.js';
import type { Commands } from '../commands/commands.js';
import type { ServiceConfig } from '../config/service-config.js';
import type { Liveness } from '../health/liveness.js';
import type { Readiness } from '../health/readiness.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Scrape } from '../metrics/scrape.js';
import type { Schedule } from '../schedule/schedule.js';

/** What every service is made of, opened and ready to inject. */
export interface Parts {
  /** The service's name. */
  readonly service: string;
  readonly config: ServiceConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly relay: Pick<Relay, 'wake' | 'status'>;
  readonly deadLetters: DeadLetterDesk;
  readonly commands: Commands;
  readonly schedule: Schedule;
  readonly liveness: Liveness;
  readonly readiness: Readiness;
  readonly scrape: Scrape;
}
