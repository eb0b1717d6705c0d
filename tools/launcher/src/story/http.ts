import { randomUUID } from 'node:crypto';

/** One HTTP answer of a service, its body read. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A command to a public API, tagged so that everything it leads to can be found. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly token?: string;
  readonly body?: object;
  readonly correlationId?: string;
}

/** Sends a command. Any answer is returned; only a service that cannot be reached throws. */
export async function call({ method, url, token, body, correlationId = randomUUID() }: Call): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      'x-correlation-id': correlationId,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}
