import type { IncomingRecord } from '@lifeos/events';

type HeaderValue = string | { base64: string };
/** A record's headers as a person can read and edit them; what is not text is base64. */
export type StoredHeaders = Record<string, HeaderValue | HeaderValue[]>;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Gives back the same bytes through `restoreHeaders`. */
export function storeHeaders(headers: IncomingRecord['headers']): StoredHeaders {
  const stored: StoredHeaders = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    stored[storableName(name)] = Array.isArray(value) ? value.map(storeValue) : storeValue(value);
  }
  return stored;
}

export function restoreHeaders(stored: StoredHeaders): Record<string, Buffer | Buffer[]> {
  const headers: Record<string, Buffer | Buffer[]> = Object.create(null);
  for (const [name, value] of Object.entries(stored)) headers[name] = Array.isArray(value) ? value.map(restoreValue) : restoreValue(value);
  return headers;
}

/** jsonb takes neither NUL nor half a character. */
function storableName(name: string): string {
  return Buffer.from(name).toString('utf8').replaceAll('\0', '\uFFFD');
}

function storeValue(value: Buffer | string): HeaderValue {
  const bytes = Buffer.from(value);
  const base64 = () => ({ base64: bytes.toString('base64') });
  if (bytes.includes(0)) return base64();
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return base64();
  }
}

function restoreValue(value: HeaderValue): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.base64, 'base64');
}
