import type { Queryable } from '@lifeos/postgres';
import type { Held } from './rule-engine.js';
import { nothingHeard, type UserContext } from './user-context.js';

/** A person as the rules see him. */
export interface Person extends Held {
  readonly context: UserContext;
}

const measures = Object.keys(nothingHeard) as (keyof UserContext)[];

type Row = Record<keyof UserContext, string | null> & { user_id: string; achievements: number[]; titles: number[] };

/** These people in one statement; one never heard of starts from nothing. */
export async function loadPeople(db: Queryable, userIds: readonly number[]): Promise<Map<number, Person>> {
  const { rows } = await db.query<Row>(
    `SELECT person.user_id, ${measures.join(', ')},
       ARRAY (SELECT achievement_id FROM unlocked_achievements held WHERE held.user_id = person.user_id) AS achievements,
       ARRAY (SELECT title_id FROM unlocked_titles held WHERE held.user_id = person.user_id) AS titles
     FROM (SELECT DISTINCT unnest($1::bigint[])) AS person (user_id)
     LEFT JOIN user_contexts ON user_contexts.user_id = person.user_id`,
    [userIds],
  );
  return new Map(rows.map((row) => [Number(row.user_id), personOf(row)]));
}

function personOf(row: Row): Person {
  const known = measures.map((measure) => [measure, row[measure] === null ? nothingHeard[measure] : Number(row[measure])]);
  return {
    context: Object.fromEntries(known) as UserContext,
    achievements: new Set(row.achievements),
    titles: new Set(row.titles),
  };
}

export async function saveContexts(tx: Queryable, people: ReadonlyMap<number, Person>): Promise<void> {
  const contexts = [...people.values()].map((person) => person.context);
  await tx.query(saveStatement, [[...people.keys()], ...measures.map((measure) => contexts.map((context) => context[measure]))]);
}

const saveStatement = `
  INSERT INTO user_contexts (user_id, ${measures.join(', ')})
  SELECT * FROM unnest($1::bigint[], ${measures.map((_measure, index) => `$${index + 2}::bigint[]`).join(', ')})
  ON CONFLICT (user_id) DO UPDATE SET ${measures.map((measure) => `${measure} = excluded.${measure}`).join(', ')}`;
