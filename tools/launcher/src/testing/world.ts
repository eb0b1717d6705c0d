import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaConfig, operatorToken } from '@lifeos/cli';
import { allEventTypes } from '@lifeos/contracts';
import { type Following, followTopics, groupLag, KafkaRecordPublisher } from '@lifeos/kafka';
import { openSchemaRegistry, type SchemaRegistryAccess } from '@lifeos/schema-registry';
import type { RunFile } from '../run-file.js';
import type { Arrived } from '../story/event-feed.js';
import { type Answer, type Call, call } from '../story/http.js';
import { seenEvent } from '../tell-story.js';
import { FlowTime } from './flow-time.js';

/** A person of a flow, known to nobody else. */
export interface Someone {
  readonly userId: number;
  readonly token: string;
}

export type Request = Pick<Call, 'method' | 'body' | 'file'> & { readonly service: string; readonly path: string; readonly by?: Someone | 'operator' };

const deadlineMs = 120_000;

/** A running system as its users and operators reach it: public APIs, and the topics to look on. */
export class World {
  private readonly events: Arrived[] = [];
  private readonly unreadable: string[] = [];
  private following: Following | null = null;
  private reading: Promise<void> = Promise.resolve();
  readonly time = new FlowTime();
  readonly registry: SchemaRegistryAccess;
  readonly publisher: KafkaRecordPublisher;

  private constructor(
    private readonly run: RunFile,
    private readonly privateKey: string,
  ) {
    this.registry = openSchemaRegistry({ url: run.registry.url }, allEventTypes);
    this.publisher = new KafkaRecordPublisher({ ...kafkaConfig(run.kafka.brokers), clientId: 'flows' });
  }

  /**
   * Moves the clocks of all services to the time of the flows.
   *
   * @param folder where the running system keeps its files
   */
  static async open(run: RunFile, folder: string): Promise<World> {
    const world = new World(run, await readFile(join(folder, 'keys', 'jwt-private.pem'), 'utf8'));
    const topics = Object.keys(run.services).map((service) => `lifeos.${service}.events`);
    world.following = await followTopics({ ...kafkaConfig(run.kafka.brokers), clientId: 'flows' }, topics, (record) => {
      // One after the other, so that they stay in their order while a schema is still fetched.
      world.reading = world.reading.then(() => seenEvent(record, world.registry.decoder)).then(
        (event) => void world.events.push(event),
        (error: Error) => void world.unreadable.push(error.message),
      );
    });
    await world.moveClock(0);
    return world;
  }

  async close(): Promise<void> {
    await this.following?.close();
    await this.publisher.close();
  }

  get services(): string[] {
    return Object.keys(this.run.services);
  }

  send({ service, path, by, method, body, file }: Request): Promise<Answer> {
    const token = by === 'operator' ? operatorToken(this.privateKey) : by?.token;
    return call({
      method,
      url: `${this.run.services[service]?.url}/api/v1${path}`,
      ...(token === undefined ? {} : { token }),
      ...(body === undefined ? {} : { body }),
      ...(file === undefined ? {} : { file }),
    });
  }

  /** Sends what must be taken. */
  async done(request: Request): Promise<Answer['body']> {
    const { status, body } = await this.send(request);
    if (status < 400) return body;
    throw new Error(`${request.method} ${request.service} ${request.path}: ${status} ${JSON.stringify(body)}`);
  }

  /** Asks until the answer holds, and returns it. @throws after 120 s, with the last answer. */
  async until(request: Omit<Request, 'method'> & { readonly method?: Call['method'] }, holds: (body: Answer['body'], status: number) => boolean): Promise<Answer['body']> {
    let last: Answer = { status: 0, body: {} };
    await this.wait(
      async () => {
        last = await this.send({ method: 'GET', ...request });
        return holds(last.body, last.status);
      },
      () => `${request.service} ${request.path} answers ${last.status} ${JSON.stringify(last.body).slice(0, 1_000)}`,
    );
    return last.body;
  }

  /** The person's events of a name, once there are so many; in order of arrival. @throws after 120 s, with what came instead. */
  async seen(someone: Someone, name: string, count = 1): Promise<Arrived['fields'][]> {
    await this.wait(
      async () => this.namesOf(someone).filter((seen) => seen === name).length >= count,
      () => `${count} × ${name} awaited, there came ${this.namesOf(someone).join(', ')}${this.unreadable.length > 0 ? `; unreadable: ${this.unreadable.join('; ')}` : ''}`,
    );
    return this.allOf(someone, name);
  }

  /** The person's first event of a name with these values. @throws after 120 s, with those that came. */
  async seenLike(someone: Someone, name: string, values: Arrived['fields']): Promise<Arrived['fields']> {
    const like = (fields: Arrived['fields']): boolean => Object.entries(values).every(([field, value]) => fields[field] === value);
    await this.wait(
      async () => this.allOf(someone, name).some(like),
      () => `${name} with ${JSON.stringify(values)} awaited, there came ${JSON.stringify(this.allOf(someone, name)).slice(0, 2_000)}`,
    );
    return this.allOf(someone, name).find(like) ?? {};
  }

  /** Waits until a service has handled all that stands on a topic. */
  async caughtUp(service: string, topic: string): Promise<void> {
    let behind = 0;
    await this.wait(
      async () => {
        const lags = await groupLag({ ...kafkaConfig(this.run.kafka.brokers), clientId: 'flows' }, service, [topic]);
        behind = lags.reduce((sum, { lag }) => sum + lag, 0);
        return behind === 0;
      },
      () => `${service} is ${behind} records behind on ${topic}`,
    );
  }

  /** What has come of a name so far, each event once. */
  allOf(someone: Someone, name: string): Arrived['fields'][] {
    return this.eventsOf(someone).filter((event) => event.name === name).map(({ fields }) => fields);
  }

  async register(): Promise<Someone> {
    const [username, password] = [`flow-${randomUUID().slice(0, 8)}`, randomUUID()];
    const registered = await this.done({ service: 'dashboard', method: 'POST', path: '/dashboard/users', body: { username, email: `${username}@example.org`, password } });
    const login = await this.done({ service: 'dashboard', method: 'POST', path: '/dashboard/login', body: { username, password } });
    return { userId: Number(registered['user_id']), token: String(login['access_token']) };
  }

  /** Gives or withdraws consent, and waits until those who ask for it themselves know (V-8). */
  async consent(by: Someone, purposes: readonly string[], granted = true): Promise<void> {
    const path = `/privacy/consents/${by.userId}`;
    for (const purpose of purposes) await this.done({ service: 'dashboard', method: 'PUT', path, by, body: { purpose, granted } });
    const asked: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
      ai_insights: [['journal', '/journal/insights/'], ['analytics', '/analytics/predictions/'], ['skills', '/skills/recommendations/']],
      analytics: [['stats', '/stats/trends/'], ['analytics', '/analytics/balance-score/']],
    };
    for (const [service, question] of purposes.flatMap((purpose) => asked[purpose] ?? [])) {
      await this.until({ service, path: `${question}${by.userId}`, by }, (body) => body['consented'] === granted);
    }
  }

  /** Connects a service whose readings are made up; refused until the consent is known there. */
  async connect(by: Someone, service_name: string, integration_type: string, credentials: object): Promise<number> {
    const body = { user_id: by.userId, service_name, integration_type, credentials };
    const connected = await this.until({ service: 'integrations', method: 'POST', path: '/integrations', by, body }, (_body, status) => status === 201);
    return Number(connected['integration_id']);
  }

  /** The business clock of all services, or of some: so many ms beside the time of the flows; 0 is that time again. */
  async moveClock(byMs: number, services: readonly string[] = this.services): Promise<void> {
    const body = { now: new Date(this.time.now().getTime() + byMs).toISOString() };
    await Promise.all(services.map((service) => this.done({ service, method: 'PUT', path: '/operator/clock', by: 'operator', body })));
  }

  /** Runs a daily job for a day, so many days ago. */
  async runJob(service: string, job: string, daysAgo: number): Promise<void> {
    await this.done({ service, method: 'POST', path: `/operator/jobs/${job}/run`, by: 'operator', body: { day: this.time.dayBefore(daysAgo) } });
  }

  private namesOf(someone: Someone): string[] {
    return this.eventsOf(someone).map(({ name }) => name);
  }

  private eventsOf({ userId }: Someone): Arrived[] {
    const ours = this.events.filter(({ fields }) => fields['user_id'] === userId);
    return [...new Map(ours.map((event) => [event.eventId, event])).values()];
  }

  private async wait(holds: () => Promise<boolean>, lastSeen: () => string): Promise<void> {
    const deadline = performance.now() + deadlineMs;
    while (!(await holds())) {
      if (performance.now() > deadline) throw new Error(`Not within ${deadlineMs / 1_000} s: ${lastSeen()}`);
      await sleep(25);
    }
  }
}

/** Whether each of the texts stands somewhere in a value. */
export const tells = (value: unknown, ...texts: readonly string[]): boolean => texts.every((text) => (JSON.stringify(value) ?? '').includes(text));
