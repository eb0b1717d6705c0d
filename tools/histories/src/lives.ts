import { generateKeyPairSync } from 'node:crypto';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { topicOffsets, type KafkaConfig } from '@lifeos/kafka';
import { migrate, openDatabase, type Database } from '@lifeos/postgres';
import { createTokenSigner, runService, serviceMigrations, type Clock, type RunningService, type ServiceDefinition } from '@lifeos/service';
import { createTestDatabase } from '@lifeos/testing';

/** A service on a database of its own, with the real broker and registry. */
export interface Life {
  readonly definition: ServiceDefinition;
  readonly database: Database;
  readonly service: RunningService;
  stop(): Promise<void>;
  end(): Promise<void>;
}

const { publicKey, privateKey } = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

export interface LifeSettings {
  readonly group: string;
  readonly clock: Clock;
  /** What is done to the empty, migrated database before the start. */
  readonly before?: (database: Database) => Promise<unknown>;
}

export async function begin(definition: ServiceDefinition, { group, clock, before = () => Promise.resolve() }: LifeSettings): Promise<Life> {
  const home = await createTestDatabase();
  await migrate({ url: home.url, sets: serviceMigrations(definition.migrations) });
  const database = openDatabase({ url: home.url, applicationName: 'lives', max: 2, onBackgroundError: () => undefined });
  await before(database);
  const environment = {
    ...process.env, PORT: '0', LOG_LEVEL: 'silent', DATABASE_URL: home.url, KAFKA_GROUP_ID: group,
    JWT_PUBLIC_KEY: publicKey, JWT_PRIVATE_KEY: privateKey, SCHEDULE_TICK_MS: '200', DATABASE_POOL_MAX: '4',
    // Of integrations alone.
    FAKE_SOURCE: 'true', INTEGRATIONS_TICK_MS: '200', INTEGRATIONS_CREDENTIALS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
  };
  const logDestination = new Writable({ write: (_line, _encoding, done) => done() });
  const service = await runService(definition, { environment, clock, logDestination });
  const stop = async (): Promise<void> => void (await service.stop());
  return {
    definition, database, service, stop,
    end: async () => {
      await stop();
      await database.close();
      await home.drop();
    },
  };
}

/** Calls a service as a person does; any other answer than success is an error. */
export async function call({ service }: Life, method: 'POST' | 'PUT', path: string, { as, body }: { as: number; body?: unknown }): Promise<Record<string, unknown>> {
  const signer = await createTokenSigner(privateKey, { issuer: 'lifeos', audience: 'lifeos' });
  const answer = await fetch(`${service.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${await signer.sign({ userId: as, role: 'user' }, new Date(), 600)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
}

export async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + 90_000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`Still ${JSON.stringify(answer)} after 90 s.`);
    await sleep(250);
  }
}

export type Ends = ReadonlyMap<string, number>;

/** Where each partition of these topics ends now. */
export async function endsOf(kafka: KafkaConfig, topics: readonly string[]): Promise<Ends> {
  const all = await Promise.all(topics.map((topic) => topicOffsets(kafka, topic)));
  return new Map(all.flat().map(({ topic, partition, high }) => [`${topic}/${partition}`, high]));
}

/** What a service still has to handle up to these ends, and to publish. */
export async function behindOf({ database }: Life, ends: Ends): Promise<Record<string, number>> {
  const { rows } = await database.query<{ place: string; next: string }>(`SELECT concat(topic, '/', partition) AS place, min(next_offset) AS next FROM consumer_positions GROUP BY 1`);
  const positions = new Map(rows.map(({ place, next }) => [place, Number(next)]));
  const heard = new Set(rows.map(({ place }) => place.slice(0, place.lastIndexOf('/'))));
  const behind = [...ends].filter(([place, end]) => (end > 0 && heard.has(place.slice(0, place.lastIndexOf('/')))) && (positions.get(place) ?? 0) < end);
  const unpublished = await database.query<{ count: string }>(
    `SELECT count(*) FROM event_log e, relay_checkpoint c WHERE e.topic IS NOT NULL AND (e.epoch, e.xid, e.seq) > (c.epoch, c.xid, c.seq)`,
  );
  const count = Number(unpublished.rows[0]?.count ?? 0);
  return { ...Object.fromEntries(behind), ...(heard.size === 0 ? { started: 0 } : {}), ...(count > 0 ? { unpublished: count } : {}) };
}
