import { AsyncResource } from 'node:async_hooks';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { ServiceConfig } from '../config/service-config.js';
import { contextFromHeaders, currentContext, runInContext } from '../context/request-context.js';
import type { Metrics } from '../metrics/metrics.js';

/** Fastify as every service uses it: JSON alone, bounded bodies, a correlation id on each request and answer. */
export function createHttpAdapter(config: ServiceConfig, metrics: Metrics): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: config.HTTP_BODY_LIMIT_BYTES,
    requestTimeout: config.HTTP_REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
  });
  const server: FastifyInstance = adapter.getInstance();
  server.removeContentTypeParser('text/plain');
  keepContext(server);
  measure(server, metrics);
  return adapter;
}

/** The body's parser runs on the socket's own async context, so the request's is entered again after it. */
function keepContext(server: FastifyInstance): void {
  const resources = new WeakMap<object, AsyncResource>();
  server.addHook('onRequest', (request, reply, done) => {
    const context = contextFromHeaders(request.headers);
    reply.header('x-correlation-id', context.correlationId);
    runInContext(context, () => {
      resources.set(request, new AsyncResource('LifeosRequest'));
      done();
    });
  });
  server.addHook('preValidation', (request, _reply, done) => {
    if (currentContext()) return done();
    resources.get(request)?.runInAsyncScope(done);
  });
}

function measure(server: FastifyInstance, metrics: Metrics): void {
  server.addHook('onResponse', (request, reply, done) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode };
    metrics.httpDuration.observe(labels, reply.elapsedTime / 1000);
    done();
  });
}
