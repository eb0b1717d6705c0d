import type { Database } from '@lifeos/postgres';
import { auditColumns, plumbing } from './outcome.js';

/** What a rebuilt service cannot know, or numbers anew: each with its reason. */
export interface LeftOut {
  readonly tables?: Readonly<Record<string, string>>;
  /** `table.column` → reason. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** Tables that hold what a process needs to work, and nothing of what events told; each with its reason. */
const ofTheProcess: Readonly<Record<string, string>> = {
  ...plumbing,
  event_log_snapshot: 'shortcuts to states that the log tells',
  relay_blocked: 'records that the broker refused; must be empty, and is looked at apart',
  dead_letters: 'events that wait; must be empty, and is looked at apart',
  dead_letter_announcements: 'as dead_letters',
  dead_letter_audit: 'what operators did with dead letters',
  idempotency_keys: 'answers of repeated requests, kept for a day',
  idempotency_steps: 'as idempotency_keys',
  job_runs: 'when jobs ran here',
  login_attempts: 'failed logins of the last quarter of an hour',
};

/** Rows and MD5 of each table's rows of these people, whatever their order on disk. @throws for a table that neither names people nor is left out. */
export async function checksumsOf(database: Database, people: readonly number[], { tables = {}, columns = {} }: LeftOut): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  const without = Object.keys({ ...columns, ...auditColumns });
  for (const { name, names_people } of await tablesOf(database)) {
    if (name in ofTheProcess || name in tables) continue;
    if (!names_people) throw new Error(`${name} has no user_id: say how it is compared, or why it is left out.`);
    const unlike = without.filter((column) => column.startsWith(`${name}.`)).map((column) => column.slice(name.length + 1));
    const { rows } = await database.query<{ sum: string }>(
      `SELECT concat(count(*), ' rows ', md5(coalesce(string_agg(line, E'\\n' ORDER BY line), ''))) AS sum
       FROM (SELECT (to_jsonb(t) - $2::text[])::text AS line FROM "${name}" AS t WHERE user_id = ANY ($1::bigint[])) AS lines`,
      [people, unlike],
    );
    sums[name] = rows[0]?.sum ?? '';
  }
  return sums;
}

async function tablesOf(database: Database): Promise<{ name: string; names_people: boolean }[]> {
  const { rows } = await database.query<{ name: string; names_people: boolean }>(
    `SELECT t.tablename AS name, EXISTS (SELECT FROM information_schema.columns c WHERE c.table_name = t.tablename AND c.column_name = 'user_id') AS names_people
     FROM pg_tables t WHERE schemaname = 'public' AND tablename NOT LIKE '%migrations' ORDER BY 1`,
  );
  return rows;
}
