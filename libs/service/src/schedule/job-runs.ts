import type { Queryable } from '@lifeos/postgres';
import type { JobProgress } from './due-days.js';

export async function progressOf(db: Queryable, job: string): Promise<JobProgress> {
  const { rows } = await db.query<JobProgress>(
    `SELECT (min(day) FILTER (WHERE finished_at IS NULL))::text AS unfinished,
       (max(day) FILTER (WHERE finished_at IS NOT NULL))::text AS finished
     FROM job_runs WHERE job = $1`,
    [job],
  );
  return rows[0] ?? { unfinished: null, finished: null };
}

/** Begins a day, or finds how far it has come; null when it is finished. */
export async function openRun(db: Queryable, job: string, day: string, now: Date): Promise<{ doneUpTo: number } | null> {
  await db.query('INSERT INTO job_runs (job, day, started_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [job, day, now]);
  const { rows } = await db.query<{ done_up_to: string }>('SELECT done_up_to FROM job_runs WHERE job = $1 AND day = $2 AND finished_at IS NULL', [job, day]);
  return rows[0] ? { doneUpTo: Number(rows[0].done_up_to) } : null;
}

/** A step from one place in the order of user ids to the next. */
export interface Advance {
  readonly job: string;
  readonly day: string;
  readonly from: number;
  readonly to: number;
  /** Null while people are left. */
  readonly finishedAt: Date | null;
}

/** Takes a step for this transaction; false when another instance has taken it. */
export async function claim(tx: Queryable, { job, day, from, to, finishedAt }: Advance): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE job_runs SET done_up_to = $4, finished_at = $5 WHERE job = $1 AND day = $2 AND done_up_to = $3 AND finished_at IS NULL',
    [job, day, from, to, finishedAt],
  );
  return rowCount === 1;
}
