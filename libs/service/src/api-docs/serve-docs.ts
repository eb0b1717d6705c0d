import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { ServiceDefinition } from '../service-definition.js';
import { apiDocumentOf } from './document.js';
import { docsPage } from './page.js';

/** GET /api/docs, a page for people, and /api/docs-json, the OpenAPI document; both open to everybody, as the code is. */
export function serveApiDocs(app: NestFastifyApplication, definition: Pick<ServiceDefinition, 'name' | 'module' | 'answers'>): void {
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  let json: string | null = null;
  server.get('/api/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(docsPage));
  server.get('/api/docs-json', (_request, reply) => reply.type('application/json; charset=utf-8').send((json ??= JSON.stringify(apiDocumentOf(definition)))));
}
