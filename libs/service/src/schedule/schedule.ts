import { randomUUID } from 'node:crypto';
import type { EventLog } from '@lifeos/event-log';
import type { Database, Transaction } from '@lifeos/postgres';
import type { Clock } from '../clock.js';
import { currentContext, type RequestContext, runInContext } from '../context/request-context.js';
import { Invalid, NotFound } from '../http/problems.js';
import type { Logger } from '../logging/logger.js';
import type { DailyJob } from './daily-job.js';
import { dueDays, newestDueDay } from './due-days.js';
import { jobContext } from './job-context.js';
import { claim, openRun, progressOf } from './job-runs.js';

/** People whose work is one transaction: few enough for their locks, enough to keep the number of commits small. */
const peopleABatch = 100;

export interface ScheduleParts {
  readonly service: string;
  readonly database: Database;
  readonly eventLog: Pick<EventLog, 'append'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Between two looks at what is due. */
  readonly tickMs: number;
}

/** A job as operators see it. */
export interface JobState {
  readonly name: string;
  /** The newest day that is done; null before the first. */
  readonly finished: string | null;
  readonly newest_due: string;
}

/** One transaction's part of a day's work. */
interface Step {
  readonly job: DailyJob;
  readonly day: string;
  readonly userIds: readonly number[];
  /** Its correlation id becomes that of every event raised. */
  readonly context: RequestContext;
}

/**
 * Runs the daily jobs of a service. Any number of instances may run it: each step of a day is claimed
 * in the transaction that does it, so it is done once, and what a crash interrupts goes on where it
 * stopped. Days missed during downtime are made up for, oldest first. A step that fails is tried again
 * at the next look, and its job waits there.
 */
export class Schedule {
  private jobs: readonly DailyJob[] = [];
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private wokenMeanwhile = false;
  private stopped = false;

  constructor(private readonly parts: ScheduleParts) {}

  /** @throws Error when two jobs share a name. */
  declare(jobs: readonly DailyJob[]): void {
    const names = jobs.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`Two jobs are named ${twice}.`);
    this.jobs = jobs;
  }

  start(): void {
    if (this.stopped || this.jobs.length === 0) return;
    this.wake();
  }

  /** Looks for due work now, or right after the look that is under way. */
  wake(): void {
    this.lookIn(0);
  }

  /** Resolves when the step under way is done; nothing begins afterwards. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.looking;
  }

  async states(): Promise<JobState[]> {
    return Promise.all(
      this.jobs.map(async ({ name, hoursAfterDay }) => {
        const { finished } = await progressOf(this.parts.database, name);
        return { name, finished, newest_due: newestDueDay(this.parts.clock.now(), hoursAfterDay) };
      }),
    );
  }

  /**
   * Runs a job for a day at once, whether or not it ran before; the schedule itself is left as it is.
   * What it raises carries the correlation id of the request.
   * Resolves with the number of people looked at.
   * @throws NotFound for an unknown job, Invalid for a day that is not over.
   */
  async runNow(name: string, day: string): Promise<number> {
    const job = this.jobs.find((candidate) => candidate.name === name);
    if (!job) throw new NotFound(`There is no job ${name}; there are: ${this.jobs.map((known) => known.name).join(', ') || 'none'}.`);
    if (day > newestDueDay(this.parts.clock.now(), 0)) throw new Invalid(`The day ${day} is not over.`, [{ field: 'day', message: 'is not over' }]);
    let people = 0;
    for (let after = 0, more = true; more; ) {
      const userIds = await this.nextPeople(job, day, after);
      if (userIds.length > 0) await this.step({ job, day, userIds, context: currentContext() ?? ownContext() }, () => Promise.resolve(true));
      people += userIds.length;
      more = userIds.length === peopleABatch;
      after = userIds.at(-1) ?? after;
    }
    return people;
  }

  /** Works off all that is due. A job that fails is logged and does not keep the others from running. */
  async runDue(): Promise<void> {
    for (const job of this.jobs) {
      try {
        const newest = newestDueDay(this.parts.clock.now(), job.hoursAfterDay);
        for (const day of dueDays(await progressOf(this.parts.database, job.name), newest)) await this.runDay(job, day);
      } catch (err) {
        this.parts.logger.error({ err, job: job.name }, 'A job failed; it is tried again.');
      }
    }
  }

  private lookIn(ms: number): void {
    if (this.stopped) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), ms).unref();
  }

  private async look(): Promise<void> {
    if (this.looking) return void (this.wokenMeanwhile = true);
    this.wokenMeanwhile = false;
    this.looking = this.runDue();
    await this.looking;
    this.looking = null;
    this.lookIn(this.wokenMeanwhile ? 0 : this.parts.tickMs);
  }

  private async runDay(job: DailyJob, day: string): Promise<void> {
    const { database, clock, logger } = this.parts;
    while (!this.stopped) {
      const run = await openRun(database, job.name, day, clock.now());
      if (!run) return;
      const userIds = await this.nextPeople(job, day, run.doneUpTo);
      const finishedAt = userIds.length < peopleABatch ? clock.now() : null;
      const advance = { job: job.name, day, from: run.doneUpTo, to: userIds.at(-1) ?? run.doneUpTo, finishedAt };
      // Its own context: the timer that led here may have been set within somebody's request.
      const done = await this.step({ job, day, userIds, context: ownContext() }, (tx) => claim(tx, advance));
      if (done && finishedAt) logger.info({ job: job.name, day }, 'Finished a job for a day.');
    }
  }

  private nextPeople(job: DailyJob, day: string, after: number): Promise<number[]> {
    return job.peopleAfter(this.parts.database, { day, after, limit: peopleABatch });
  }

  private step({ job, day, userIds, context }: Step, mayGoOn: (tx: Transaction) => Promise<boolean>): Promise<boolean> {
    const { database, eventLog, service, clock } = this.parts;
    // The job's own key: instances wait for each other's step, and then see that it is done.
    const keys = [`job:${job.name}`, ...userIds.map(String)];
    return runInContext(context, () =>
      database.transaction({ keys }, async (tx) => {
        if (!(await mayGoOn(tx))) return false;
        if (userIds.length > 0) await job.run(jobContext({ service, job: job.name, day, now: clock.now(), eventLog }, tx), userIds);
        return true;
      }),
    );
  }
}

const ownContext = (): RequestContext => ({ correlationId: randomUUID(), traceparent: null });
