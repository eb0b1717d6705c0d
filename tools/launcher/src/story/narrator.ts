import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { causationTree, type SeenEvent } from './causation-tree.js';
import { type Answer, type Call, call } from './http.js';
import type { Person, Stage } from './stage.js';

/** One command, and the events that everybody's reactions must bring. */
export interface Step {
  readonly title: string;
  readonly service: string;
  /** Behind `/api/v1`. */
  readonly path: string;
  readonly method: Call['method'];
  readonly body?: object;
  readonly file?: Call['file'];
  /** Who gives the command; a person unless said otherwise. */
  readonly by?: 'nobody' | 'operator';
  /** Sent again while it is answered with this: a consent takes effect in other services within seconds. */
  readonly againWhile?: number;
  readonly expected: readonly string[];
}

export interface Played {
  readonly answer: Answer;
  readonly events: readonly SeenEvent[];
}

/** Once something is missing, the rest is played on without long waits: the story has failed anyway. */
const afterFailureMs = 5_000;
const betweenLooksMs = 50;

/** Plays steps and tells of them; remembers what was expected and not seen. */
export class Narrator {
  readonly missing: string[] = [];
  private person: Person | null = null;

  constructor(private readonly stage: Stage) {}

  /** From now on the story is about this person: commands are theirs, and events of others are left out. */
  follow(person: Person): void {
    this.person = person;
  }

  say(line: string): void {
    this.stage.print(line);
  }

  /** Plays a step and draws what it led to. */
  async tell(step: Step): Promise<Answer> {
    this.say(`\n${step.title}`);
    const { answer, events } = await this.play(step, this.stage.limits.quietMs, (line) => this.say(`  ${line}`));
    for (const line of causationTree(events)) this.say(`  ${line}`);
    return answer;
  }

  /** Plays a step that one line tells of: what it led to is waited for, and not drawn. */
  passOver(step: Step): Promise<Played> {
    return this.play(step, 0, () => undefined);
  }

  /** Asks until an answer is as it should be: for what no event announces. */
  async until(what: string, question: Pick<Step, 'service' | 'path' | 'by'>, holds: (answer: Answer) => boolean): Promise<Answer> {
    const deadline = performance.now() + this.timeoutMs;
    for (;;) {
      const answer = await this.send({ method: 'GET', ...question });
      if (holds(answer)) return answer;
      if (performance.now() > deadline) {
        this.missing.push(`${what}: ${question.service} answers ${answer.status} ${JSON.stringify(answer.body).slice(0, 500)} to ${question.path}`);
        return answer;
      }
      await sleep(betweenLooksMs);
    }
  }

  send({ service, path, by, method, body, file }: Pick<Step, 'service' | 'path' | 'by' | 'method' | 'body' | 'file'>, correlationId?: string): Promise<Answer> {
    const token = by === 'operator' ? this.stage.operatorToken() : this.person?.token;
    return call({
      method,
      url: `${this.stage.urls[service]}/api/v1${path}`,
      ...(by === 'nobody' || token === undefined ? {} : { token }),
      ...(body === undefined ? {} : { body }),
      ...(file === undefined ? {} : { file }),
      ...(correlationId === undefined ? {} : { correlationId }),
    });
  }

  private async play(step: Step, quietMs: number, tell: (line: string) => void): Promise<Played> {
    const { feed } = this.stage;
    const correlationId = randomUUID();
    const userId = this.person?.userId;
    feed.begin(correlationId, performance.now(), ({ fields }) => userId === undefined || fields['user_id'] === userId);
    const answer = await this.sendUntilTaken(step, correlationId);
    tell(`${step.method} ${step.path} → ${answer.status}`);
    if (answer.status >= 400) {
      this.missing.push(`${step.title}: answered ${answer.status} ${JSON.stringify(answer.body)}`);
      return { answer, events: [] };
    }
    const { timeoutMs } = this;
    const missing = await feed.waitFor(correlationId, step.expected, { timeoutMs, quietMs });
    this.missing.push(...missing.map((name) => `${step.title}: no ${name} arrived within ${timeoutMs} ms`));
    return { answer, events: feed.eventsOf(correlationId) };
  }

  private async sendUntilTaken(step: Step, correlationId: string): Promise<Answer> {
    const deadline = performance.now() + this.timeoutMs;
    for (;;) {
      const answer = await this.send(step, correlationId);
      if (answer.status !== step.againWhile || performance.now() > deadline) return answer;
      await sleep(betweenLooksMs);
    }
  }

  private get timeoutMs(): number {
    return this.missing.length === 0 ? this.stage.limits.timeoutMs : Math.min(afterFailureMs, this.stage.limits.timeoutMs);
  }
}
