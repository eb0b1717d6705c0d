import { createHash, createHmac } from 'node:crypto';
import { Invalid, Problem } from '../http/problems.js';

/** What a POST says of itself. */
export interface PostRequest {
  /** Null on a public route. */
  readonly userId: number | null;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly body: unknown;
  /** As the header says it. */
  readonly contentLength: string | undefined;
}

/** A POST under its key: the same `id` and `fingerprint` are the same request, the same `id` alone is a key used again. */
export interface KeyedRequest {
  readonly id: Buffer;
  readonly fingerprint: Buffer;
  readonly userId: number | null;
}

/** The key came before with another body. */
export class KeyReused extends Problem {
  constructor() {
    super('idempotency_key_reused', 'conflict', 'This Idempotency-Key came before with another body. Use a new key for a new request.');
  }
}

const longest = 255;

/** @throws Invalid when the key is empty, too long or no printable ASCII. */
export function keyedRequest(key: string, { userId, method, url, body, contentLength }: PostRequest): KeyedRequest {
  if (key.length < 1 || key.length > longest || !/^[\x20-\x7e]+$/.test(key)) {
    const message = `has not 1 to ${longest} printable ASCII characters`;
    throw new Invalid(`Idempotency-Key ${message}.`, [{ field: 'Idempotency-Key', message }]);
  }
  const [path = '', query = ''] = url.split('?', 2);
  return {
    id: createHash('sha256').update(JSON.stringify([userId, method, path, key])).digest(),
    fingerprint: createHmac('sha256', key).update(JSON.stringify([query, isJson(body) ? canonical(body) : contentLength])).digest(),
    userId,
  };
}

/** False for a body that is still to be read, as a file: of it the length alone is compared. */
function isJson(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return body !== undefined;
  return Array.isArray(body) || Object.getPrototypeOf(body) === Object.prototype;
}

/** The same for two bodies that differ only in the order of their fields. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const fields = Object.entries(value).map(([name, field]): [string, unknown] => [name, canonical(field)]);
  return fields.sort(([a], [b]) => (a < b ? -1 : 1));
}
