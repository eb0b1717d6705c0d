import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentContext } from '../context/request-context.js';
import type { Logger } from '../logging/logger.js';
import { answerOfError } from './answer-of-error.js';

/** Every error of an HTTP request leaves through here. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { status, body, expected } = answerOfError(error, currentContext()?.correlationId ?? String(request.id));
    const values = { method: request.method, path: request.url.split('?')[0], status };
    if (expected) this.logger.debug({ ...values, error: body.error }, body.message);
    else this.logger.error({ ...values, err: error }, 'A request failed unexpectedly.');
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    void reply.status(status).header('content-type', 'application/json; charset=utf-8').send(body);
  }
}
