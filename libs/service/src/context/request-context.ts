import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What belongs to one HTTP command or one batch of events, wherever its code runs. */
export interface RequestContext {
  /** Becomes the correlation id of every event that is raised here, and stands in every log line. */
  readonly correlationId: string;
  /** W3C trace context of the caller. */
  readonly traceparent: string | null;
}

const storage = new AsyncLocalStorage<RequestContext>();
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const traceparent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The context that this code runs in; null outside of any request. */
export function currentContext(): RequestContext | null {
  return storage.getStore() ?? null;
}

/** Takes over the caller's `x-correlation-id` when it is a UUID, and its `traceparent` when well-formed. */
export function contextFromHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): RequestContext {
  const correlation = headers['x-correlation-id'];
  const trace = headers['traceparent'];
  return {
    correlationId: typeof correlation === 'string' && uuid.test(correlation) ? correlation.toLowerCase() : randomUUID(),
    traceparent: typeof trace === 'string' && traceparent.test(trace) ? trace : null,
  };
}
