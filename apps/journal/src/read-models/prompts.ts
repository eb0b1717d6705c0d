import type { Queryable } from '@lifeos/postgres';
import type { Prompt } from '../prompt/prompts.js';

/** Which of a person's prompts: the event's day, YYYY-MM-DD, and 1 for the day's first. */
export interface PromptPlace {
  readonly userId: number;
  readonly day: string;
  readonly ordinal: number;
}

/** A prompt given to a person. */
export interface PromptRow extends PromptPlace {
  readonly promptId: number;
  readonly prompt: Pick<Prompt, 'text'> & { readonly category: string };
  readonly trigger: string;
  readonly suggestedAt: Date;
}

/** How many prompts were asked for on these days already, by `<user_id> <day>`; none: no entry. */
export async function askedPerDayOf(db: Queryable, days: readonly Pick<PromptPlace, 'userId' | 'day'>[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ user_id: string; day: string; asked: number }>(
    'SELECT user_id, day::text, asked FROM prompt_days WHERE (user_id, day) IN (SELECT * FROM unnest($1::bigint[], $2::date[]))',
    [days.map(({ userId }) => userId), days.map(({ day }) => day)],
  );
  return new Map(rows.map(({ user_id, day, asked }) => [`${user_id} ${day}`, asked]));
}

export async function rememberAsked(tx: Queryable, places: readonly PromptPlace[]): Promise<void> {
  if (places.length === 0) return;
  await tx.query(
    `INSERT INTO prompt_days (user_id, day, asked)
     SELECT user_id, day, max(ordinal) FROM unnest($1::bigint[], $2::date[], $3::int[]) AS p (user_id, day, ordinal) GROUP BY user_id, day
     ON CONFLICT (user_id, day) DO UPDATE SET asked = excluded.asked`,
    [places.map(({ userId }) => userId), places.map(({ day }) => day), places.map(({ ordinal }) => ordinal)],
  );
}

/** Those that are there already stay as they are. */
export async function insertPrompts(tx: Queryable, prompts: readonly PromptRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO prompts (prompt_id, user_id, day, ordinal, category, text, trigger_event, suggested_at)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::int[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
     ON CONFLICT (user_id, day, ordinal) DO NOTHING`,
    [
      prompts.map(({ promptId }) => promptId),
      prompts.map(({ userId }) => userId),
      prompts.map(({ day }) => day),
      prompts.map(({ ordinal }) => ordinal),
      prompts.map(({ prompt }) => prompt.category),
      prompts.map(({ prompt }) => prompt.text),
      prompts.map(({ trigger }) => trigger),
      prompts.map(({ suggestedAt }) => suggestedAt),
    ],
  );
}

/** As R-25 answers it. */
export interface SuggestedPrompt {
  readonly prompt_id: number;
  readonly prompt_text: string;
  readonly prompt_category: string;
  readonly trigger_event: string;
  readonly suggested_at: Date;
}

/** The newest prompts of a person, newest first. */
export async function promptsOf(db: Queryable, userId: number, limit: number): Promise<SuggestedPrompt[]> {
  const { rows } = await db.query<SuggestedPrompt & { prompt_id: string }>(
    `SELECT prompt_id, text AS prompt_text, category AS prompt_category, trigger_event, suggested_at
     FROM prompts WHERE user_id = $1
     ORDER BY suggested_at DESC, prompt_id DESC LIMIT $2`,
    [userId, limit],
  );
  return rows.map((row) => ({ ...row, prompt_id: Number(row.prompt_id) }));
}
