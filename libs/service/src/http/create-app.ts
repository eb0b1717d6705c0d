import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connectKafkaEvents, type KafkaEventsStrategy } from '@lifeos/kafka';
import { apiPrefix, rootRoutes } from '../api-docs/document.js';
import { createTokenVerifier } from '../auth/access-tokens.js';
import { AuthGuard } from '../auth/auth.guard.js';
import { IdempotencyInterceptor } from '../idempotency/idempotency.interceptor.js';
import { NestLogger } from '../logging/nest-logger.js';
import { ServiceModule } from '../service.module.js';
import type { ConsentListener } from '../consent/consent-listener.js';
import type { Parts } from '../wiring/parts.js';
import { ErrorFilter } from './error.filter.js';
import { createHttpAdapter } from './http-server.js';

/** The Nest application of a service, not yet listening: routes, guard and filter for HTTP, `strategy` for events. */
export async function createApp(
  service: Type,
  parts: Parts,
  strategy: KafkaEventsStrategy | null,
  consentListeners: readonly Type<ConsentListener>[] = [],
): Promise<NestFastifyApplication> {
  const { config, logger, metrics } = parts;
  const adapter = createHttpAdapter(config, metrics);
  const app = await NestFactory.create<NestFastifyApplication>(rootModule(service, ServiceModule.forRoot(parts, consentListeners)), adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.setGlobalPrefix(apiPrefix, { exclude: rootRoutes });
  const tokens = await createTokenVerifier(config.JWT_PUBLIC_KEY, { issuer: config.JWT_ISSUER, audience: config.JWT_AUDIENCE });
  app.useGlobalGuards(new AuthGuard(app.get(Reflector), tokens));
  app.useGlobalInterceptors(new IdempotencyInterceptor(parts.database, logger));
  app.useGlobalFilters(new ErrorFilter(logger));
  if (strategy) connectKafkaEvents(app, strategy);
  return app;
}

function rootModule(service: Type, shared: DynamicModule): DynamicModule {
  @Module({})
  class Root {}
  return { module: Root, imports: [shared, service] };
}
