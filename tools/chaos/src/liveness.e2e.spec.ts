import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLifeosTopics, kafkaConfig, migrateService, publishLifeosSchemas } from '@lifeos/cli';
import { groupLag, KafkaRecordPublisher } from '@lifeos/kafka';
import { stopAll } from '@lifeos/local';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { FaultProxy } from './proxy/fault-proxy.js';
import { fetchRequest, joinGroupRequest } from './proxy/kafka-frames.js';
import { LostReplies } from './proxy/lost-replies.js';
import { readdressed } from './proxy/readdressed.js';
import { RealService } from './services/real-service.js';
import { testAddresses } from './testing/test-addresses.js';

const topic = 'lifeos.quests.events';
const limitMs = 8_000;
const name = 'achievements';
const { publicKey } = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

/** A service as it is deployed, behind proxies to its broker and its database. */
class Subject {
  private constructor(
    private readonly service: RealService,
    private readonly own: { readonly home: TestDatabase; readonly folder: string; readonly group: string },
    readonly broker: FaultProxy,
    readonly database: FaultProxy,
    readonly replies: LostReplies,
  ) {}

  static async start(before: (replies: LostReplies) => void = () => undefined): Promise<Subject> {
    const [home, folder, replies, group] = [await createTestDatabase(), await mkdtemp(join(tmpdir(), 'liveness-')), new LostReplies(), `${name}-${randomUUID()}`];
    before(replies);
    await migrateService({ service: name, url: home.url });
    const port = Number(testAddresses().brokers[0]?.split(':')[1]);
    const broker: FaultProxy = await FaultProxy.open({ target: { port }, inspector: readdressed(replies.inspector, { broker: port, proxy: () => broker.port }) });
    const url = new URL(home.url);
    const database = await FaultProxy.open({ target: { port: Number(url.port) } });
    url.port = String(database.port);
    const env = {
      ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production', DATABASE_URL: url.href, JWT_PUBLIC_KEY: publicKey,
      KAFKA_BROKERS: `127.0.0.1:${broker.port}`, KAFKA_GROUP_ID: group, LIVENESS_LIMIT_MS: String(limitMs),
    };
    return new Subject(await RealService.start({ name, folder, env }), { home, folder, group }, broker, database, replies);
  }

  async live(): Promise<{ status: number; body: { status: string; stuck?: string[] } }> {
    await this.service.mustRun();
    const answer = await fetch(new URL('/health/live', this.service.url));
    return { status: answer.status, body: (await answer.json()) as { status: string } };
  }

  async untilLiveIs(status: number): Promise<{ stuck?: string[] }> {
    for (const deadline = Date.now() + 120_000; ; await sleep(200)) {
      const answer = await this.live();
      if (answer.status === status) return answer.body;
      if (Date.now() > deadline) throw new Error(`/health/live still answers ${JSON.stringify(answer)}`);
    }
  }

  async untilItReads(): Promise<void> {
    for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(200)) {
      if ((await groupLag(kafkaConfig(testAddresses().brokers), this.own.group, [topic])).some(({ committed }) => committed !== null)) return;
    }
    throw new Error('The service read nothing');
  }

  async end(): Promise<void> {
    await this.service.kill();
    await Promise.all([this.broker.close(), this.database.close()]);
    await this.own.home.drop();
    await rm(this.own.folder, { recursive: true, force: true });
  }
}

const over = new AbortController();
const subjects: Subject[] = [];

async function start(before?: (replies: LostReplies) => void): Promise<Subject> {
  const subject = await Subject.start(before);
  subjects.push(subject);
  return subject;
}

async function recordsKeptBack(): Promise<{ before: object; stuck: string[] | undefined }> {
  const subject = await start();
  await subject.untilItReads();
  const { body: before } = await subject.live();
  const heal = subject.replies.loseAll(fetchRequest);
  const { stuck } = await subject.untilLiveIs(503);
  heal();
  await subject.untilLiveIs(200);
  return { before, stuck };
}

async function keptOutOfItsGroup(): Promise<string[] | undefined> {
  let heal = (): void => undefined;
  const subject = await start((replies) => (heal = replies.loseAll(joinGroupRequest)));
  const { stuck } = await subject.untilLiveIs(503);
  heal();
  await subject.untilItReads();
  await subject.untilLiveIs(200);
  return stuck;
}

async function withoutParts(): Promise<number> {
  const [first, second] = await Promise.all([start(), start()]);
  await Promise.all([first.untilItReads(), second.untilItReads()]);
  await Promise.all([first.broker.disable(), second.database.disable()]);
  const whileAway = await worstFor(3 * limitMs, [first, second]);
  await Promise.all([first.broker.enable(), second.database.enable()]);
  return Math.max(whileAway, await worstFor(limitMs, [first, second]));
}

describe('R-24: /health/live of services as processes, while their topic grows', () => {
  let growing: Promise<void>;
  let seen: { keptBack: ReturnType<typeof recordsKeptBack>; keptOut: ReturnType<typeof keptOutOfItsGroup>; away: ReturnType<typeof withoutParts> };

  beforeAll(async () => {
    const { brokers, registryUrl } = testAddresses();
    await Promise.all([createLifeosTopics(kafkaConfig(brokers)), publishLifeosSchemas(registryUrl)]);
    growing = grow(over.signal);
    // Mostly they wait: together they take hardly longer than one.
    seen = { keptBack: recordsKeptBack(), keptOut: keptOutOfItsGroup(), away: withoutParts() };
    void Promise.allSettled(Object.values(seen));
  });
  afterAll(async () => {
    over.abort();
    await growing;
    await Promise.all(subjects.map((subject) => subject.end()));
    await stopAll();
  }, 300_000);

  it('fails when the broker keeps records back, names the partition, and is mended when they come', async () => {
    const { before, stuck } = await seen.keptBack;
    expect(before).toEqual({ status: 'live' });
    expect(stuck).toEqual(expect.arrayContaining([expect.stringMatching(`${topic} partition \\d`)]));
  }, 300_000);

  it('fails when the consumer does not come into its group, and is mended when it does', async () => {
    expect(await seen.keptOut).toEqual(expect.arrayContaining([expect.stringMatching(`${topic} partition \\d`)]));
  }, 300_000);

  it('holds while the broker or the database is away, and when they are back', async () => {
    expect(await seen.away).toBe(200);
  }, 300_000);
});

async function worstFor(ms: number, subjects: readonly Subject[]): Promise<number> {
  const seen: number[] = [];
  for (const until = Date.now() + ms; Date.now() < until; await sleep(200)) seen.push(...(await Promise.all(subjects.map((subject) => subject.live()))).map(({ status }) => status));
  return Math.max(...seen);
}

/** Records of a type that nobody knows are passed over by their header; ends move all the same. */
async function grow(over: AbortSignal): Promise<void> {
  const publisher = new KafkaRecordPublisher(kafkaConfig(testAddresses().brokers));
  for (let n = 0; !over.aborted; n += 1) {
    await publisher.publish([{ topic, key: `liveness-${n % 50}`, value: Buffer.from('none'), headers: { ce_type: 'lifeos.quests.v1.NobodyKnows' } }]);
    await sleep(50);
  }
  await publisher.close();
}
