import type { Queryable } from '@lifeos/postgres';
import type { Check } from '../harness/scenario.js';
import { readRow, runOnce } from './bench-database.js';
import { experienceOf } from './quest-events.js';

/** The read model that the scenarios keep: what each person has earned. */
export async function createExperience(databaseUrl: string): Promise<void> {
  await runOnce(databaseUrl, 'create table experience (user_id bigint primary key, quests bigint not null, total bigint not null)');
}

export interface Booking {
  readonly user_id: number;
  readonly experience_reward: number;
}

const upsert = `insert into experience as e (user_id, quests, total)
  select * from unnest($1::bigint[], $2::bigint[], $3::bigint[])
  on conflict (user_id) do update set quests = e.quests + excluded.quests, total = e.total + excluded.total`;

/** Books any number of quests in one statement. */
export async function book(on: Queryable, bookings: readonly Booking[]): Promise<void> {
  const sums = new Map<number, { quests: number; total: number }>();
  for (const { user_id, experience_reward } of bookings) {
    const sum = sums.get(user_id);
    if (sum === undefined) sums.set(user_id, { quests: 1, total: experience_reward });
    else {
      sum.quests += 1;
      sum.total += experience_reward;
    }
  }
  const rows = [...sums.values()];
  await on.query(upsert, [[...sums.keys()], rows.map(({ quests }) => quests), rows.map(({ total }) => total)]);
}

/** Every quest is booked once, to the person whose it is. */
export async function checkExperience(databaseUrl: string, count: number): Promise<Check[]> {
  const left = await readRow(databaseUrl, 'select sum(quests) as quests, sum(total) as total from experience');
  return [
    { what: 'quests booked', expected: count, actual: Number(left['quests']) },
    { what: 'experience booked', expected: experienceOf(count), actual: Number(left['total']) },
  ];
}
