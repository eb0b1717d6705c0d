import type { Narrator } from './narrator.js';
import type { Stage } from './stage.js';

const dayMs = 86_400_000;
const noonMs = 12 * 3_600_000;

/** Days that a story takes: the last one has passed, and so has what is due of it, before it begins. */
export const storyDays = 14;

/** Noon (UTC) of a story's day, counted from 1, when the story is told at `now`; all of them lie in the past. */
export function noonOf(day: number, now: Date): Date {
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  return new Date(today + (day - 2 - storyDays) * dayMs + noonMs);
}

/** YYYY-MM-DD. */
export const dateOf = (at: Date): string => at.toISOString().slice(0, 10);

/**
 * The days of a story, in all services at once. They end with the day before yesterday: what happened then has
 * happened, so nothing of it lies in the future once the clocks show the real time again.
 */
export class BusinessDays {
  private readonly now = new Date();

  constructor(
    private readonly narrator: Narrator,
    private readonly services: Stage['urls'],
  ) {}

  dateOf(day: number): string {
    return dateOf(noonOf(day, this.now));
  }

  /** What services do by themselves for days that are over must be done: it would else mingle with the story. */
  async begin(): Promise<void> {
    const questions = Object.keys(this.services).map((service) =>
      this.narrator.until('daily jobs are done', { service, path: '/operator/jobs', by: 'operator' }, ({ status, body }) => status === 200 && areDone(body['jobs'])),
    );
    await Promise.all(questions);
  }

  /** The clocks of all services show noon of the day, and tick on from there. */
  async moveTo(day: number): Promise<void> {
    const now = noonOf(day, this.now).toISOString();
    const answers = await Promise.all(
      Object.keys(this.services).map((service) => this.narrator.send({ service, method: 'PUT', path: '/operator/clock', by: 'operator', body: { now } })),
    );
    const refused = answers.find(({ status }) => status !== 200);
    if (refused !== undefined) throw new Error(`A clock could not be moved: ${refused.status} ${JSON.stringify(refused.body)}`);
  }

  async backToRealTime(): Promise<void> {
    await Promise.all(Object.keys(this.services).map((service) => this.narrator.send({ service, method: 'DELETE', path: '/operator/clock', by: 'operator' })));
  }
}

function areDone(jobs: unknown): boolean {
  return Array.isArray(jobs) && jobs.every(({ finished, newest_due }: { finished: string | null; newest_due: string }) => finished !== null && finished >= newest_due);
}
