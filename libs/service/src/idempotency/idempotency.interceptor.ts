import { type CallHandler, type ExecutionContext, type NestInterceptor, StreamableFile } from '@nestjs/common';
import type { Database } from '@lifeos/postgres';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { AuthenticatedRequest } from '../auth/decorators.js';
import { answerOfError, type ErrorBody } from '../http/answer-of-error.js';
import { isRefusal, Problem, type RefusalKind, statusOfKind } from '../http/problems.js';
import type { Logger } from '../logging/logger.js';
import { type KeyedRequest, keyedRequest, KeyReused } from './idempotency-key.js';
import { AnsweredMeanwhile, findAnswer, keepAnswer, type KeptAnswer } from './kept-answers.js';
import { runKeyed } from './keyed-steps.js';

type HttpRequest = FastifyRequest & AuthenticatedRequest;

/**
 * a POST with an `Idempotency-Key` is answered a second time as it was the first. Its commands
 * run once whatever happens (see `doOnce`); its answer is kept before it is sent. Requests with one
 * key come one after the other: in one process by turns, in several by the lock that their commands take.
 */
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const request = keyedRequestOf(http.getRequest<HttpRequest>());
    if (!request) return next.handle();
    return from(this.inTurn(request, () => this.answer(request, http.getResponse<FastifyReply>(), next)));
  }

  private async inTurn<T>(request: KeyedRequest, work: () => Promise<T>): Promise<T> {
    const id = request.id.toString('hex');
    for (let before = this.turns.get(id); before; before = this.turns.get(id)) await before.catch(() => undefined);
    const turn = work().finally(() => this.turns.delete(id));
    this.turns.set(id, turn);
    return turn;
  }

  private async answer(request: KeyedRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const kept = await findAnswer(this.database, request);
    if (kept) return replay(kept, reply);
    let body: unknown;
    try {
      body = await runKeyed(request, () => lastValueFrom(next.handle(), { defaultValue: undefined }));
    } catch (error) {
      if (error instanceof AnsweredMeanwhile) return replay(error.answer, reply);
      if (isFinal(error)) await this.keep(request, refusalOf(error));
      throw error;
    }
    const answer = answerToKeep(reply.statusCode, body);
    if (!answer) return body;
    const first = await this.keep(request, answer);
    return first === answer ? body : replay(first, reply);
  }

  /** What was done stays done when its answer cannot be kept: a repetition builds it again from what the commands returned. */
  private async keep(request: KeyedRequest, answer: KeptAnswer): Promise<KeptAnswer> {
    try {
      return await keepAnswer(this.database, request, answer);
    } catch (err) {
      this.logger.warn({ err }, 'Could not keep the answer to a request with an Idempotency-Key.');
      return answer;
    }
  }
}

function keyedRequestOf({ method, headers, url, body, principal }: HttpRequest): KeyedRequest | null {
  const key = headers['idempotency-key'];
  if (method !== 'POST' || key === undefined) return null;
  return keyedRequest(String(key), { userId: principal?.userId ?? null, method, url, body, contentLength: headers['content-length'] });
}

function replay({ status, body }: KeptAnswer, reply: FastifyReply): unknown {
  reply.header('idempotency-replayed', 'true');
  const value: unknown = body === null ? undefined : JSON.parse(body);
  if (status < 400) {
    reply.status(status);
    return value;
  }
  const { error, message, details } = value as ErrorBody;
  throw new Problem(error, kindOf(status), message, details);
}

/** What the domain decided. A fault of the body is found again, and may be mended under the same key; what is busy or away may pass. */
const finalKinds: ReadonlySet<RefusalKind> = new Set<RefusalKind>(['forbidden', 'not_found', 'conflict']);

function isFinal(error: unknown): boolean {
  return isRefusal(error) && finalKinds.has(error.kind) && !(error instanceof KeyReused);
}

function refusalOf(error: unknown): KeptAnswer {
  const { status, body } = answerOfError(error, '');
  return { status, body: JSON.stringify(body) };
}

function kindOf(status: number): RefusalKind {
  const found = [...finalKinds].find((kind) => statusOfKind[kind] === status);
  if (!found) throw new Error(`No answer with status ${status} is ever kept.`);
  return found;
}

const secretField = /(token|password|secret|credentials?)$/i;

/** Null for what must not lie in a database a second time: tokens and their like, and files. */
function answerToKeep(status: number, body: unknown): KeptAnswer | null {
  if (body instanceof StreamableFile) return null;
  let isSecret = false;
  const text = JSON.stringify(body, (name, value: unknown) => {
    isSecret ||= secretField.test(name);
    return value;
  }) as string | undefined;
  return isSecret ? null : { status, body: text ?? null };
}
