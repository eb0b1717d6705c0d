import type { Queryable } from '@lifeos/postgres';
import { type Milestone, milestoneKey } from './milestones.js';

type Reached = Pick<Milestone, 'user_id' | 'stat_name' | 'milestone_value'>;

/** Keeps what was reached and gives back what never was before (S-13), in the order given. */
export async function newlyReached<M extends { readonly milestone: Reached }>(tx: Queryable, reached: readonly M[]): Promise<M[]> {
  if (reached.length === 0) return [];
  const { rows } = await tx.query<{ user_id: string; stat_name: Milestone['stat_name']; milestone_value: number }>(
    `INSERT INTO milestones (user_id, stat_name, milestone_value)
     SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[], $3::int[])
     ON CONFLICT DO NOTHING RETURNING user_id, stat_name, milestone_value`,
    [
      reached.map(({ milestone }) => milestone.user_id),
      reached.map(({ milestone }) => milestone.stat_name),
      reached.map(({ milestone }) => milestone.milestone_value),
    ],
  );
  const fresh = new Set(rows.map((row) => milestoneKey({ ...row, user_id: Number(row.user_id) })));
  // The first of a batch that passes it is the one that reached it.
  return reached.filter(({ milestone }) => fresh.delete(milestoneKey(milestone)));
}
