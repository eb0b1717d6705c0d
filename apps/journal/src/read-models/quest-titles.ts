import type { Queryable } from '@lifeos/postgres';

/** What an event says of a quest's title; null when the quest was deleted. */
export interface TitleNews {
  readonly questId: number;
  readonly userId: number;
  readonly title: string | null;
}

/** In the order in which they were told. */
export async function rememberTitles(tx: Queryable, news: readonly TitleNews[]): Promise<void> {
  const latest = new Map(news.map((one) => [one.questId, one]));
  const kept = [...latest.values()].filter(({ title }) => title !== null);
  await tx.query(
    `INSERT INTO quest_titles (quest_id, user_id, title) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[])
     ON CONFLICT (quest_id) DO UPDATE SET title = excluded.title`,
    [kept.map(({ questId }) => questId), kept.map(({ userId }) => userId), kept.map(({ title }) => title)],
  );
  const gone = [...latest.values()].filter(({ title }) => title === null).map(({ questId }) => questId);
  if (gone.length > 0) await tx.query('DELETE FROM quest_titles WHERE quest_id = ANY ($1::bigint[])', [gone]);
}

/** Titles heard of, by quest id. */
export async function titlesOf(db: Queryable, questIds: readonly number[]): Promise<Map<number, string>> {
  if (questIds.length === 0) return new Map();
  const { rows } = await db.query<{ quest_id: string; title: string }>('SELECT quest_id, title FROM quest_titles WHERE quest_id = ANY ($1::bigint[])', [questIds]);
  return new Map(rows.map(({ quest_id, title }) => [Number(quest_id), title]));
}
