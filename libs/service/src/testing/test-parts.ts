import { Writable } from 'node:stream';
import { DeadLetterDesk } from '@lifeos/delivery';
import { EventLog } from '@lifeos/event-log';
import type { Database } from '@lifeos/postgres';
import { systemClock } from '../clock.js';
import { Commands } from '../commands/commands.js';
import { loadConfig } from '../config/service-config.js';
import { Liveness } from '../health/liveness.js';
import { Readiness } from '../health/readiness.js';
import { createLogger } from '../logging/logger.js';
import { createMetrics } from '../metrics/metrics.js';
import { Schedule } from '../schedule/schedule.js';
import { Scrape } from '../metrics/scrape.js';
import type { Parts } from '../wiring/parts.js';

const environment = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', KAFKA_BROKERS: '127.0.0.1:1', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' };

/** Parts for tests of the HTTP edge: no database behind them, log lines kept. */
export function testParts(extra: Record<string, string>): { parts: Parts; log: string[] } {
  const log: string[] = [];
  const destination = new Writable({ write: (chunk, _encoding, done) => (log.push(String(chunk)), done()) });
  const config = loadConfig({}, { ...environment, ...extra });
  const away = (): never => {
    throw new Error('This test has no database.');
  };
  const database: Database = { query: away, transaction: away, close: () => Promise.resolve() };
  const eventLog = new EventLog({ database, service: 'test', types: [] });
  const common = { config, clock: systemClock, logger: createLogger('test', 'debug', destination), metrics: createMetrics('test') };
  const deadLetters = new DeadLetterDesk({ database, types: [], decoder: { decode: away } });
  const relay: Parts['relay'] = {
    wake: () => undefined,
    status: () => ({ phase: 'stopped', isLeader: false, published: 0, blockedQueues: 0, horizonStillMs: 0, lastError: null }),
  };
  const commands = new Commands(database, eventLog, systemClock, 30_000);
  const schedule = new Schedule({ service: 'test', database, eventLog, clock: systemClock, logger: common.logger, tickMs: 1_000 });
  return { log, parts: { service: 'test', ...common, database, eventLog, relay, deadLetters, commands, schedule, liveness: new Liveness({ state: () => null, group: () => Promise.resolve([]), database: () => Promise.resolve() }, 60_000), readiness: new Readiness([]), scrape: new Scrape(common.metrics, () => Promise.resolve()) } };
}
