import type { Queryable } from '@lifeos/postgres';
import { type Held, nothingHeld } from './rule-engine.js';
import { nothingHeard, type UserContext } from './user-context.js';

/** A person as the rules see him. */
export interface Person extends Held {
  readonly context: UserContext;
}

const measures = Object.keys(nothingHeard) as (keyof UserContext)[];

interface Row extends Record<keyof UserContext, string | null> {
  readonly user_id: string;
  /** Times by id. */
  readonly achievements: Readonly<Record<string, number>>;
  readonly titles: readonly number[];
  readonly badges: readonly number[];
}

/** These people in one statement; one never heard of starts from nothing. */
export async function loadPeople(db: Queryable, userIds: readonly number[]): Promise<Map<number, Person>> {
  const { rows } = await db.query<Row>(
    `SELECT person.user_id, ${measures.join(', ')},
       coalesce((SELECT jsonb_object_agg(achievement_id, times) FROM (
         SELECT achievement_id, max(unlock_number) AS times FROM unlocked_achievements held WHERE held.user_id = person.user_id GROUP BY achievement_id
       ) AS unlocks), '{}') AS achievements,
       ARRAY (SELECT title_id FROM unlocked_titles held WHERE held.user_id = person.user_id) AS titles,
       ARRAY (SELECT badge_id FROM earned_badges held WHERE held.user_id = person.user_id) AS badges
     FROM (SELECT DISTINCT unnest($1::bigint[])) AS person (user_id)
     LEFT JOIN user_contexts ON user_contexts.user_id = person.user_id`,
    [userIds],
  );
  return new Map(rows.map((row) => [Number(row.user_id), personOf(row)]));
}

export async function loadPerson(db: Queryable, userId: number): Promise<Person> {
  const people = await loadPeople(db, [userId]);
  return people.get(userId) ?? { context: nothingHeard, ...nothingHeld };
}

function personOf(row: Row): Person {
  const known = measures.map((measure) => [measure, row[measure] === null ? nothingHeard[measure] : Number(row[measure])]);
  return {
    context: Object.fromEntries(known) as UserContext,
    achievements: new Map(Object.entries(row.achievements).map(([id, times]) => [Number(id), times])),
    titles: new Set(row.titles),
    badges: new Set(row.badges),
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
