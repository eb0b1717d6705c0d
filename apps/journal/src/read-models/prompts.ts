import type { EventEnvelope } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';
import type { Prompt } from '../prompt/prompts.js';

/** A prompt given to a person. */
export interface PromptRow {
  readonly promptId: number;
  readonly userId: number;
  /** YYYY-MM-DD. */
  readonly day: string;
  /** 1 for the day's first. */
  readonly ordinal: number;
  readonly prompt: Prompt;
  readonly cause: EventEnvelope;
}

/** How many prompts these people got on these days already, by `<user_id> <day>`; none: no entry. */
export async function promptsPerDayOf(db: Queryable, days: readonly Pick<PromptRow, 'userId' | 'day'>[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ user_id: string; day: string; given: number }>(
    `SELECT user_id, day::text, count(*)::int AS given
     FROM prompts
     WHERE (user_id, day) IN (SELECT * FROM unnest($1::bigint[], $2::date[]))
     GROUP BY user_id, day`,
    [days.map(({ userId }) => userId), days.map(({ day }) => day)],
  );
  return new Map(rows.map(({ user_id, day, given }) => [`${user_id} ${day}`, given]));
}

export async function nextPromptIds(tx: Queryable, count: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: string }>(`SELECT nextval('prompt_ids') AS id FROM generate_series(1, $1)`, [count]);
  return rows.map(({ id }) => Number(id));
}

export async function insertPrompts(tx: Queryable, prompts: readonly PromptRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO prompts (prompt_id, user_id, day, ordinal, category, text, trigger_event, suggested_at)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::int[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])`,
    [
      prompts.map(({ promptId }) => promptId),
      prompts.map(({ userId }) => userId),
      prompts.map(({ day }) => day),
      prompts.map(({ ordinal }) => ordinal),
      prompts.map(({ prompt }) => prompt.category),
      prompts.map(({ prompt }) => prompt.text),
      prompts.map(({ cause }) => cause.type.name),
      prompts.map(({ cause }) => cause.timestamp),
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
