import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream } from 'pino';
import { serveApiDocs } from './api-docs/serve-docs.js';
import { systemClock, type Clock } from './clock.js';
import type { Environment } from './config/environment.js';
import { loadConfig, type ServiceConfig } from './config/service-config.js';
import type { ConsentListener } from './consent/consent-listener.js';
import { createApp } from './http/create-app.js';
import { createLogger } from './logging/logger.js';
import { createMetrics } from './metrics/metrics.js';
import { MovableClock } from './movable-clock.js';
import type { ServiceDefinition } from './service-definition.js';
import { shutDown, type ShutdownReport } from './shutdown/shutdown.js';
import { CONSENT_LISTENERS } from './tokens.js';
import { openParts, type OpenedParts } from './wiring/open-parts.js';
import { requireReadable } from './wiring/types-known-to.js';

export interface RunOptions {
  readonly environment?: Environment;
  /** Default the system's. Tests bring their own. */
  readonly clock?: Clock;
  /** Default stdout. */
  readonly logDestination?: DestinationStream;
}

/** A service that answers HTTP; events follow as soon as broker and registry are there. */
export interface RunningService {
  /** For example `http://127.0.0.1:3001`. */
  readonly url: string;
  readonly app: NestFastifyApplication;
  /** HTTP intake, consumption, relay and database end in this order, within SHUTDOWN_TIMEOUT_MS. Never rejects. */
  stop(): Promise<ShutdownReport>;
}

/**
 * Starts a service in this process without touching the process itself (no signals, no exit code).
 * @throws VersionGapsInRange, InvalidConfig, or the reason why the service must not start: a database that is not
 *   migrated, a schema that a reachable registry does not have.
 */
export async function runService(definition: ServiceDefinition, options: RunOptions = {}): Promise<RunningService> {
  requireReadable(definition);
  const config = loadConfig(definition, options.environment ?? process.env);
  const logger = createLogger(definition.name, config.LOG_LEVEL, options.logDestination);
  const common = { config, logger, metrics: createMetrics(definition.name), clock: options.clock ?? (config.CLOCK_MOVABLE ? new MovableClock() : systemClock) };
  const opened = await openParts(definition, common);
  try {
    const app = await createApp(definition.module, opened.parts, opened.flow.strategy, definition.consentListeners);
    opened.parts.schedule.declare((definition.jobs ?? []).map((job) => app.get(job, { strict: false })));
    requireListeners(app);
    serveApiDocs(app, definition);
    await app.listen(config.PORT, config.HOST);
    await opened.flow.start(app, () => opened.parts.schedule.start());
    const url = urlOf(app, config);
    logger.info({ url }, `${definition.name} listens.`);
    let stopped: Promise<ShutdownReport> | null = null;
    return { url, app, stop: () => (stopped ??= stop(app, opened, config)) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** A listener that is no provider is told now, not when the first person withdraws consent. */
function requireListeners(app: NestFastifyApplication): void {
  const listeners: () => readonly ConsentListener[] = app.get(CONSENT_LISTENERS, { strict: false });
  listeners();
}

async function stop(app: NestFastifyApplication, { parts, steps }: OpenedParts, config: ServiceConfig): Promise<ShutdownReport> {
  parts.readiness.beginStop();
  const http = { name: 'http and consumers', run: () => app.close() };
  const report = await shutDown([http, ...steps], config.SHUTDOWN_TIMEOUT_MS);
  if (report.abandoned.length > 0) parts.logger.warn({ ...report }, 'Stopped, but not everything was finished; it goes on at the next start.');
  else parts.logger.info({}, 'Stopped.');
  return report;
}

function urlOf(app: NestFastifyApplication, config: ServiceConfig): string {
  const address: unknown = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null && 'port' in address ? String(address.port) : String(config.PORT);
  return `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`;
}
