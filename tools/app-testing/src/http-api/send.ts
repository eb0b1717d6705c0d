import { request } from 'node:http';
import type { ServiceBench } from '../service-bench.js';
import type { BadRequest } from './bad-requests.js';

export interface Refused {
  readonly status: number;
  readonly body: unknown;
}

type Sent = Pick<BadRequest, 'method' | 'path' | 'as' | 'body' | 'contentType'>;

export async function send(bench: ServiceBench, { method, path, as, body, contentType }: Sent): Promise<Refused> {
  const headers = { ...(as ? { authorization: `Bearer ${await bench.tokenOf(as.userId, as.role)}` } : {}), ...(contentType ? { 'content-type': contentType } : {}) };
  const answer = await fetch(`${bench.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  return { status: answer.status, body: bodyOf(text, answer.headers.get('content-type')) };
}

function bodyOf(text: string, type: string | null): unknown {
  if (type === null) return null;
  return type.startsWith('application/json') ? (JSON.parse(text) as unknown) : text;
}

/** Announces a body and never sends it: a service that would read it first never answers. */
export async function announce(bench: ServiceBench, { method, path, as }: Sent, length: number): Promise<number> {
  const token = as ? await bench.tokenOf(as.userId, as.role) : '';
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': length };
    const sent = request(`${bench.url}${path}`, { method, headers, agent: false }, (answer) => {
      resolve(answer.statusCode ?? 0);
      sent.destroy();
    });
    sent.on('error', reject);
    sent.flushHeaders();
  });
}
