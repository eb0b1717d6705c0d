import { generateKeyPairSync } from 'node:crypto';
import { Writable } from 'node:stream';
import { AnswerCheck } from '@lifeos/app-testing';
import { migrate, openDatabase, type Database } from '@lifeos/postgres';
import { apiDocumentOf, createTokenSigner, runService, serviceMigrations, systemClock, type Role, type RunningService } from '@lifeos/service';
import { createTestDatabase } from '@lifeos/testing';
import { dashboard } from '../dashboard.module.js';

/** dashboard on a database of its own, over real HTTP, without a broker. */
export interface RunningDashboard {
  readonly service: RunningService;
  readonly database: Database;
  /** Moves the service's time on. */
  passTime(ms: number): void;
  tokenOf(userId: number, role?: Role): Promise<string>;
  call(method: string, path: string, request?: Request): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Request {
  readonly token?: string;
  readonly body?: unknown;
  /** Idempotency-Key. */
  readonly key?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const nowhere = { KAFKA_BROKERS: '127.0.0.1:1', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1', LOG_LEVEL: 'silent', PORT: '0' };

export async function runDashboard(): Promise<RunningDashboard> {
  const { url: databaseUrl, drop } = await createTestDatabase();
  await migrate({ url: databaseUrl, sets: serviceMigrations(dashboard.migrations) });
  const keys = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
  const environment = { ...nowhere, DATABASE_URL: databaseUrl, JWT_PUBLIC_KEY: keys.publicKey, JWT_PRIVATE_KEY: keys.privateKey };
  const check = new AnswerCheck(apiDocumentOf(dashboard));
  let ahead = 0;
  const clock = { now: () => new Date(systemClock.now().getTime() + ahead) };
  const service = await runService(dashboard, { environment, clock, logDestination: new Writable({ write: (_chunk, _encoding, done) => done() }) });
  const database = openDatabase({ url: databaseUrl, applicationName: 'test', max: 2 });
  const signer = await createTokenSigner(keys.privateKey, { issuer: 'lifeos', audience: 'lifeos' });
  return {
    service,
    database,
    passTime: (ms) => void (ahead += ms),
    tokenOf: (userId, role = 'user') => signer.sign({ userId, role }, systemClock.now(), 3_600),
    async call(method, path, request) {
      const answer = await call(service.url, method, path, request);
      check.require({ method, path: `/api/v1${path}`, status: answer.status, body: answer.status === 204 ? null : answer.body });
      return answer;
    },
    stop: async () => {
      await service.stop();
      await database.close();
      await drop();
    },
  };
}

async function call(base: string, method: string, path: string, { token, body, key }: Request = {}): Promise<Answer> {
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}
