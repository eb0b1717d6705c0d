import type { Queryable } from '@lifeos/postgres';
import type { LifeStat, Scores } from './balance.js';
import { type BalanceState, type DatedScores, weekMs } from './balance-state.js';

/** A person's scores at a moment, as a row. */
export interface ScoreRow extends DatedScores {
  readonly userId: number;
}

interface DbScores extends Scores {
  readonly user_id: string;
  readonly at: Date;
}

const nobody: BalanceState = { reckoned: null, announced: null, history: [] };

/** From when to when each person's events of a batch happened. */
export interface Span {
  readonly userId: number;
  readonly from: Date;
  readonly to: Date;
}

/** The state of everybody in a batch, with the history that its events look back on. */
export async function loadBalances(db: Queryable, spans: readonly Span[]): Promise<Map<number, BalanceState>> {
  const userIds = spans.map(({ userId }) => userId);
  const states = new Map<number, BalanceState>(userIds.map((userId) => [userId, nobody]));
  const put = (row: DbScores, change: (state: BalanceState, dated: DatedScores) => BalanceState): void => {
    const userId = Number(row.user_id);
    const { health, wealth, relationships, at } = row;
    states.set(userId, change(states.get(userId) ?? nobody, { at, scores: { health, wealth, relationships } }));
  };
  const reckoned = await db.query<DbScores>('SELECT *, calculated_at AS at FROM balances WHERE user_id = ANY ($1::bigint[])', [userIds]);
  for (const row of reckoned.rows) put(row, (state, dated) => ({ ...state, reckoned: dated }));
  const announced = await db.query<DbScores>('SELECT *, announced_at AS at FROM announced_balances WHERE user_id = ANY ($1::bigint[])', [userIds]);
  for (const row of announced.rows) put(row, (state, dated) => ({ ...state, announced: dated }));
  for (const row of await historyOf(db, spans)) put(row, (state, dated) => ({ ...state, history: [...state.history, dated] }));
  return states;
}

async function historyOf(db: Queryable, spans: readonly Span[]): Promise<DbScores[]> {
  const { rows } = await db.query<DbScores>(
    `SELECT known.* FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS span (user_id, from_at, to_at)
     JOIN balance_history known ON known.user_id = span.user_id AND known.at <= greatest(span.to_at, (SELECT calculated_at FROM balances b WHERE b.user_id = span.user_id)) AND known.at >= coalesce(
       (SELECT max(at) FROM balance_history before WHERE before.user_id = span.user_id AND before.at <= span.from_at), span.from_at)
     ORDER BY known.user_id, known.at`,
    [spans.map(({ userId }) => userId), spans.map(({ from }) => new Date(from.getTime() - weekMs)), spans.map(({ to }) => to)],
  );
  return rows;
}

/** Keeps how the scores moved: the history, and of each person where the reckoning stands now. */
export async function saveReckonings(tx: Queryable, rows: readonly ScoreRow[]): Promise<void> {
  if (rows.length === 0) return;
  const byMoment = [...new Map(rows.map((row) => [`${row.userId} ${row.at.getTime()}`, row])).values()];
  await tx.query(
    `INSERT INTO balance_history (user_id, at, health, wealth, relationships) ${fromScores}
     ON CONFLICT (user_id, at) DO UPDATE SET (health, wealth, relationships) = (excluded.health, excluded.wealth, excluded.relationships)`,
    columnsOf(byMoment),
  );
  await tx.query(
    `INSERT INTO balances (user_id, calculated_at, health, wealth, relationships) ${fromScores}
     ON CONFLICT (user_id) DO UPDATE SET (calculated_at, health, wealth, relationships)
       = (excluded.calculated_at, excluded.health, excluded.wealth, excluded.relationships)`,
    columnsOf(lastOfEach(rows)),
  );
}

/** Keeps what was told last; what is older than that changes nothing, so tellings may be heard of in any order. */
export async function saveAnnounced(tx: Queryable, rows: readonly ScoreRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO announced_balances AS known (user_id, announced_at, health, wealth, relationships) ${fromScores}
     ON CONFLICT (user_id) DO UPDATE SET (announced_at, health, wealth, relationships)
       = (excluded.announced_at, excluded.health, excluded.wealth, excluded.relationships)
     WHERE excluded.announced_at >= known.announced_at AND (excluded.announced_at, excluded.health, excluded.wealth, excluded.relationships)
       IS DISTINCT FROM (known.announced_at, known.health, known.wealth, known.relationships)`,
    columnsOf(lastOfEach(rows.toSorted((one, other) => one.at.getTime() - other.at.getTime()))),
  );
}

const fromScores = 'SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[])';

const columnsOf = (rows: readonly ScoreRow[]): unknown[] => [
  rows.map(({ userId }) => userId),
  rows.map(({ at }) => at),
  rows.map(({ scores }) => scores.health),
  rows.map(({ scores }) => scores.wealth),
  rows.map(({ scores }) => scores.relationships),
];

const lastOfEach = (rows: readonly ScoreRow[]): ScoreRow[] => [...new Map(rows.map((row) => [row.userId, row])).values()];

/** What an event says of a life stat. */
export interface LifeStatRow extends LifeStat {
  readonly userId: number;
  readonly subcategory: string;
}

export async function loadLifeStats(db: Queryable, userIds: readonly number[]): Promise<LifeStatRow[]> {
  const { rows } = await db.query<Omit<LifeStatRow, 'userId'> & { user_id: string }>(
    'SELECT user_id, area, subcategory, value, target FROM life_stats WHERE user_id = ANY ($1::bigint[]) ORDER BY user_id, area, subcategory',
    [userIds],
  );
  return rows.map(({ user_id, ...stat }) => ({ ...stat, userId: Number(user_id) }));
}

export async function saveLifeStats(tx: Queryable, stats: readonly LifeStatRow[]): Promise<void> {
  if (stats.length === 0) return;
  await tx.query(
    `INSERT INTO life_stats (user_id, area, subcategory, value, target)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::float8[], $5::float8[])
     ON CONFLICT (user_id, area, subcategory) DO UPDATE SET (value, target) = (excluded.value, excluded.target)`,
    [
      stats.map(({ userId }) => userId),
      stats.map(({ area }) => area),
      stats.map(({ subcategory }) => subcategory),
      stats.map(({ value }) => value),
      stats.map(({ target }) => target),
    ],
  );
}
