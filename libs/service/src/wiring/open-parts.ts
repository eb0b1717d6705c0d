import { adoptServer, EventLog } from '@lifeos/event-log';
import { openDatabase, type Database } from '@lifeos/postgres';
import { Commands } from '../commands/commands.js';
import { revisionsOf } from '../consent/consent-store.js';
import type { ServiceConfig } from '../config/service-config.js';
import { Readiness } from '../health/readiness.js';
import type { Logger } from '../logging/logger.js';
import { Scrape } from '../metrics/scrape.js';
import { Schedule } from '../schedule/schedule.js';
import type { ServiceDefinition } from '../service-definition.js';
import type { ShutdownStep } from '../shutdown/shutdown.js';
import { openEventFlow, type EventFlow } from './event-flow.js';
import { requireMigrated, serviceMigrations } from './migrations.js';
import type { Parts } from './parts.js';
import { typesKnownTo, upcastsOf } from './types-known-to.js';

export type CommonParts = Pick<Parts, 'config' | 'clock' | 'logger' | 'metrics'>;

/** The opened parts and how they begin and end. */
export interface OpenedParts {
  readonly parts: Parts;
  readonly flow: EventFlow;
  /** What ends after HTTP and consumption, in order. */
  readonly steps: readonly ShutdownStep[];
  /** Ends everything at once, for a start that failed. */
  close(): Promise<void>;
}

/**
 * Opens what a service needs; nothing runs yet.
 * @throws NotMigrated, SchemaNotRegistered (a reachable registry lacks what this service publishes),
 *   or the driver's error when the database cannot be reached.
 */
export async function openParts(definition: ServiceDefinition, common: CommonParts): Promise<OpenedParts> {
  const { config, clock, logger } = common;
  const database = openServiceDatabase(definition.name, config, logger);
  try {
    await requireMigrated(definition.name, database, serviceMigrations(definition.migrations));
    const types = typesKnownTo(definition);
    const eventLog = new EventLog({ database, service: definition.name, types, upcasts: upcastsOf(definition), warn: (message) => logger.warn({}, message), consentRevisions: revisionsOf });
    const flow = await openEventFlow(definition, types, { ...common, database, eventLog });
    const readiness = new Readiness([{ name: 'database', required: true, check: async () => void (await database.query('SELECT 1')) }, ...flow.probes]);
    const commands = new Commands(database, eventLog, clock, config.COMMAND_TIMEOUT_MS);
    const schedule = new Schedule({ service: definition.name, database, eventLog, clock, logger, tickMs: config.SCHEDULE_TICK_MS });
    const steps = [{ name: 'schedule', run: () => schedule.stop() }, ...flow.steps, { name: 'database', run: () => database.close() }];
    const parts = { service: definition.name, ...common, database, eventLog, relay: flow.relay, deadLetters: flow.deadLetters, commands, schedule, liveness: flow.liveness, readiness, scrape: new Scrape(common.metrics, flow.refreshMetrics) };
    return { parts, flow, steps, close: async () => void (await Promise.allSettled(steps.map((step) => step.run()))) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function openServiceDatabase(name: string, config: ServiceConfig, logger: Logger): Database {
  return openDatabase({
    url: config.DATABASE_URL,
    applicationName: name,
    max: config.DATABASE_POOL_MAX,
    connectTimeoutMs: config.DATABASE_CONNECT_TIMEOUT_MS,
    onConnect: adoptServer,
    onBackgroundError: (err) => logger.warn({ err }, 'A database connection broke in the background.'),
  });
}
