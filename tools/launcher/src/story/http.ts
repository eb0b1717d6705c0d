import { randomUUID } from 'node:crypto';

/** One HTTP answer of a service, its body read. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A command to a public API, tagged so that everything it leads to can be found. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Sent as it is, instead of `body`. */
  readonly file?: { readonly type: string; readonly text: string };
  readonly correlationId?: string;
}

const longestMs = 60_000;

/** Sends a command. Any answer is returned; only a service that cannot be reached throws. */
export async function call({ method, url, token, body, file, correlationId = randomUUID() }: Call): Promise<Answer> {
  const content = file ?? (body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) });
  const response = await fetch(url, {
    method,
    headers: {
      'x-correlation-id': correlationId,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(content === undefined ? {} : { 'content-type': content.type }),
    },
    ...(content === undefined ? {} : { body: content.text }),
    signal: AbortSignal.timeout(longestMs),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}
