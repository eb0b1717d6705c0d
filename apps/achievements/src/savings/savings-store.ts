import type { Queryable } from '@lifeos/postgres';
import { isReached, proposedTarget, type Savings } from './savings-goal.js';

export interface SavingsUpdate extends Savings {
  readonly userId: number;
  readonly unit: string;
  readonly at: Date;
}

/** Keeps of each person what was told last, and the last target that was reached. `updates` in the order of their topic. */
export async function saveSavings(tx: Queryable, updates: readonly SavingsUpdate[]): Promise<void> {
  const newest = [...new Map(updates.map((update) => [update.userId, update])).values()];
  const reached = new Map(updates.filter(isReached).map((update) => [update.userId, update]));
  await tx.query(
    `INSERT INTO savings_goals (user_id, value, target, unit, reached_target, reached_at)
     SELECT * FROM unnest($1::bigint[], $2::numeric[], $3::float8[], $4::text[], $5::float8[], $6::timestamptz[])
     ON CONFLICT (user_id) DO UPDATE SET value = excluded.value, target = excluded.target, unit = excluded.unit,
       reached_target = coalesce(excluded.reached_target, savings_goals.reached_target),
       reached_at = coalesce(excluded.reached_at, savings_goals.reached_at)`,
    [
      newest.map(({ userId }) => userId),
      newest.map(({ value }) => value),
      newest.map(({ target }) => target),
      newest.map(({ unit }) => unit),
      newest.map(({ userId }) => reached.get(userId)?.target ?? null),
      newest.map(({ userId }) => reached.get(userId)?.at ?? null),
    ],
  );
}

/** A goal that a person may set next, since the one before was reached. */
export interface ProposedGoal {
  /** As in stat events: `category.subcategory`. */
  readonly stat_name: string;
  readonly reached_target: number;
  readonly target: number;
  readonly unit: string;
}

export async function proposedGoalsOf(db: Queryable, userId: number): Promise<ProposedGoal[]> {
  const { rows } = await db.query<{ value: string; target: number | null; unit: string; reached_target: number | null }>(
    'SELECT value, target, unit, reached_target FROM savings_goals WHERE user_id = $1',
    [userId],
  );
  return rows.flatMap(({ value, target, unit, reached_target }) => {
    const proposed = proposedTarget({ value: Number(value), target, reachedTarget: reached_target });
    if (proposed === null || reached_target === null) return [];
    return [{ stat_name: 'wealth.finance_savings_investments', reached_target, target: proposed, unit }];
  });
}
