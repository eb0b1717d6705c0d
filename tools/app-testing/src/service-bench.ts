import { Writable } from 'node:stream';
import { allEventTypes } from '@lifeos/contracts';
import { adoptServer, EventLog, type StoredEvent } from '@lifeos/event-log';
import { type Database, migrate, openDatabase } from '@lifeos/postgres';
import { apiDocumentOf, type Clock, createTokenSigner, type Role, runService, type ServiceDefinition, serviceMigrations } from '@lifeos/service';
import { createTestDatabase } from '@lifeos/testing';
import { exportPKCS8, exportSPKI, generateKeyPair } from 'jose';
import { AnswerCheck } from './http-api/answer-check.js';

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Whose token goes along; left out: none. */
  readonly as?: number;
  readonly role?: Role;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly file?: { readonly type: string; readonly bytes: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> };
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON. */
  readonly body: Record<string, unknown>;
}

/** A whole service on a real port and a database of its own; broker and registry are away. */
export interface ServiceBench {
  readonly database: Database;
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  tokenOf(userId: number, role?: Role): Promise<string>;
  /**
   * `path` below `/api/v1`.
   * @throws Error when an answer is not as the service documents it.
   */
  call(path: string, call?: Call): Promise<Answer>;
  /** Everything that the service has appended so far, oldest first. */
  events(): Promise<StoredEvent[]>;
  close(): Promise<void>;
}

const tokenRules = { issuer: 'lifeos', audience: 'lifeos' };

export interface ServiceBenchOptions {
  /** The service's own variables, or other values for the common ones. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default the system's. */
  readonly clock?: Clock;
}

export async function openServiceBench(definition: ServiceDefinition, { environment = {}, clock }: ServiceBenchOptions = {}): Promise<ServiceBench> {
  const { url: databaseUrl, drop } = await createTestDatabase();
  await migrate({ url: databaseUrl, sets: serviceMigrations(definition.migrations) });
  const keys = await generateKeyPair('EdDSA', { extractable: true });
  const signer = await createTokenSigner(await exportPKCS8(keys.privateKey), tokenRules);
  const service = await runService(definition, {
    environment: {
      ...{ PORT: '0', SHUTDOWN_TIMEOUT_MS: '500', DATABASE_URL: databaseUrl, KAFKA_BROKERS: '127.0.0.1:1', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' },
      ...{ JWT_PUBLIC_KEY: await exportSPKI(keys.publicKey), ...environment },
    },
    ...(clock ? { clock } : {}),
    logDestination: new Writable({ write: (_line, _encoding, done) => done() }),
  });
  const database = openDatabase({ url: databaseUrl, applicationName: 'service-bench', onConnect: adoptServer });
  const types = [...allEventTypes, ...(definition.privateEventTypes ?? [])];
  const eventLog = new EventLog({ database, service: definition.name, types });
  const check = new AnswerCheck(apiDocumentOf(definition));
  const tokenOf = (userId: number, role: Role = 'user') => signer.sign({ userId, role }, new Date(), 3_600);
  return {
    database,
    url: service.url,
    tokenOf,
    async call(path, { method = 'GET', as, role = 'user', body, file } = {}) {
      const token = as === undefined ? null : await tokenOf(as, role);
      const answer = await fetch(`${service.url}/api/v1${path}`, {
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...contentTypeOf(body, file),
        },
        ...bodyOf(body, file),
      });
      const text = await answer.text();
      const { status } = answer;
      check.require({ method, path: `/api/v1${path}`, status, body: text === '' ? null : (JSON.parse(text) as unknown) });
      return { status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
    },
    async events() {
      const all: StoredEvent[] = [];
      for await (const event of eventLog.readAll()) all.push(event);
      return all;
    },
    async close() {
      await service.stop();
      await database.close();
      await drop();
    },
  };
}

function contentTypeOf(body: unknown, file: Call['file']): Record<string, string> {
  if (file) return { 'content-type': file.type };
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

function bodyOf(body: unknown, file: Call['file']): RequestInit {
  // A stream needs `duplex`, which the types of fetch do not know yet.
  if (file) return { body: file.bytes, duplex: 'half' } as RequestInit;
  return body === undefined ? {} : { body: JSON.stringify(body) };
}
