import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RealService } from './real-service.js';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Command {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly body?: object;
  readonly token?: string;
}

const answerWithinMs = 10_000;
const giveUpMs = 120_000;

/** A person who takes on quests and completes them, one after the other, and asks again until an answer comes. */
export class Achiever {
  /** Quests whose completion was answered with success, in order. */
  readonly completed: number[] = [];
  /** Quests whose creation was answered with success. */
  created = 0;

  private constructor(
    readonly userId: number,
    private readonly token: string,
    private readonly quests: RealService,
  ) {}

  static async signUp(dashboard: RealService, quests: RealService): Promise<Achiever> {
    const [username, password] = [`ada-${randomUUID().slice(0, 8)}`, randomUUID()];
    const registered = await ask({ method: 'POST', url: `${dashboard.url}/dashboard/users`, body: { username, email: `${username}@example.org`, password, time_zone: 'UTC' } });
    const login = await ask({ method: 'POST', url: `${dashboard.url}/dashboard/login`, body: { username, password } });
    return new Achiever(Number(registered.body['user_id']), String(login.body['access_token']), quests);
  }

  /** Ends with the quest in work. @throws when a command is refused. */
  async work(signal: AbortSignal): Promise<void> {
    const { quests, token, userId } = this;
    while (!signal.aborted) {
      const body = { user_id: userId, title: 'Walk', quest_type: 'daily', experience_reward: 25 };
      const quest = await ask({ method: 'POST', url: `${quests.url}/quests`, token, body });
      this.created += 1;
      const questId = Number(quest.body['quest_id']);
      await ask({ method: 'PUT', url: `${quests.url}/quests/${questId}/complete`, token });
      this.completed.push(questId);
    }
  }
}

/** Until it is answered. A PUT that was carried out without an answer is refused when it comes again: it is done. */
async function ask(command: Command): Promise<Answer> {
  const idempotencyKey = randomUUID();
  const deadline = Date.now() + giveUpMs;
  for (let isRepeated = false; ; isRepeated = true) {
    const answer = await send(command, idempotencyKey).catch(() => null);
    if (answer !== null && answer.status < 300) return answer;
    if (answer !== null && isRepeated && command.method === 'PUT' && answer.status === 409) return answer;
    const isRefused = answer !== null && answer.status < 500;
    if (isRefused || Date.now() > deadline) throw new Error(`${command.method} ${command.url}: ${answer === null ? 'no answer' : `${answer.status} ${JSON.stringify(answer.body)}`}`);
    await sleep(50);
  }
}

async function send({ method, url, body, token }: Command, idempotencyKey: string): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(method === 'POST' ? { 'idempotency-key': idempotencyKey } : {}),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}
