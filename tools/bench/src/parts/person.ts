import { randomUUID } from 'node:crypto';
import type { RunningServices } from './services.js';

/** Somebody who uses the public APIs. */
export class Person {
  private constructor(
    private readonly services: RunningServices,
    readonly userId: number,
    readonly token: string,
  ) {}

  static async register(services: RunningServices): Promise<Person> {
    const dashboard = `${services.url('dashboard')}/api/v1/dashboard`;
    const username = `p-${randomUUID().slice(0, 12)}`;
    const password = randomUUID();
    const user = await call('POST', `${dashboard}/users`, { body: { username, email: `${username}@example.org`, password, time_zone: 'UTC' } });
    const login = await call('POST', `${dashboard}/login`, { body: { username, password } });
    return new Person(services, Number(user['user_id']), String(login['access_token']));
  }

  async createQuest(): Promise<number> {
    const body = { user_id: this.userId, title: 'Walk', quest_type: 'daily', experience_reward: 25 };
    return Number((await call('POST', `${this.quests}/quests`, { body, token: this.token }))['quest_id']);
  }

  async completeQuest(questId: number, correlationId: string): Promise<void> {
    await call('PUT', `${this.quests}/quests/${questId}/complete`, { token: this.token, correlationId });
  }

  /** Allows or forbids analytics and AI insights. */
  async decide(granted: boolean): Promise<void> {
    const url = `${this.services.url('dashboard')}/api/v1/privacy/consents/${this.userId}`;
    for (const purpose of ['analytics', 'ai_insights']) await call('PUT', url, { body: { purpose, granted }, token: this.token });
  }

  /** Whether every service that works something out and says so answers that it may, or that it may not. */
  async isHeeded(granted: boolean): Promise<boolean> {
    const answers = await Promise.all(askers.map(([name, path]) => call('GET', `${this.services.url(name)}/api/v1${path}/${this.userId}`, { token: this.token })));
    return answers.every(({ consented }) => consented === granted);
  }

  private get quests(): string {
    return `${this.services.url('quests')}/api/v1`;
  }
}

const askers = [['stats', '/stats/trends'], ['journal', '/journal/insights'], ['analytics', '/analytics/predictions'], ['skills', '/skills/recommendations']] as const;

interface Sent {
  readonly body?: object;
  readonly token?: string;
  readonly correlationId?: string;
}

/** @throws Error with what a service answered, when it is not a success. */
async function call(method: string, url: string, { body, token, correlationId = randomUUID() }: Sent): Promise<Record<string, unknown>> {
  const headers: Record<string, string> = { 'x-correlation-id': correlationId };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
