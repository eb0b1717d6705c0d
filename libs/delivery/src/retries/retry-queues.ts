import type { Queryable, Transaction } from '@lifeos/postgres';
import { announcedColumns } from '../announced-columns.js';
import type { Failure } from '../failure.js';
import type { LetterRow } from '../letter-rows.js';
import type { Schedule } from '../retry-policy.js';

/** A queue whose head is due; one without a key is a letter on its own. */
export interface RetryQueue {
  readonly key: string | null;
  readonly headId: string;
}

/** A head that this process has taken in hand. */
export interface Claim extends RetryQueue {
  readonly topic: string;
  readonly reason: string | null;
}

/**
 * Nobody has the head in hand. A claim ends with the connection that made it, so what a killed process held
 * is free at once; its time is for a connection whose end the server has not noticed.
 */
const isFree = (now: string): string => `(claimed_until IS NULL OR claimed_until <= ${now} OR (claimed_by, claimed_by_since) NOT IN (
  SELECT pid, backend_start FROM pg_stat_activity WHERE backend_start IS NOT NULL))`;
const thisConnection = 'claimed_by = pg_backend_pid(), claimed_by_since = (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())';

const claim = {
  name: 'delivery_claim_due',
  text: `UPDATE dead_letters d SET claimed_until = $3, ${thisConnection}
         FROM (SELECT id FROM dead_letters
               WHERE handler = $1 AND next_attempt_at <= $2 AND ${isFree('$2')}
               ORDER BY next_attempt_at LIMIT $4 FOR UPDATE SKIP LOCKED) due
         WHERE d.id = due.id RETURNING d.id AS "headId", d.topic, d.key, d.reason`,
};

/** Takes due heads in hand, so that other instances leave them alone until then, or until this connection ends. Never waits. */
export async function claimDue(db: Queryable, handler: string, of: { now: Date; until: Date; limit: number }): Promise<Claim[]> {
  const { rows } = await db.query<Claim>(claim, [handler, of.now, of.until, of.limit]);
  return rows;
}

export async function releaseClaims(db: Queryable, heads: readonly string[]): Promise<void> {
  if (heads.length > 0) await db.query('UPDATE dead_letters SET claimed_until = NULL WHERE id = ANY ($1)', [heads]);
}

/** When each handler's next head is due that nobody has in hand, the earliest first; a handler without one is left out. */
export async function nextDues(db: Queryable, handlers: readonly string[], now: Date): Promise<{ handler: string; due: Date }[]> {
  const { rows } = await db.query<{ handler: string; due: Date }>(
    `SELECT handler, due FROM unnest($1::text[]) AS handler CROSS JOIN LATERAL (
       SELECT next_attempt_at AS due FROM dead_letters d
       WHERE d.handler = handler.handler AND next_attempt_at IS NOT NULL AND ${isFree('$2')}
       ORDER BY next_attempt_at LIMIT 1) AS next ORDER BY due`,
    [handlers, now],
  );
  return rows;
}

/** Events of a major that an older service parked are due as soon as a service that knows it starts. Never waits. */
export async function offerVersions(db: Queryable, of: { handlers: readonly string[]; types: readonly string[]; now: Date }): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE dead_letters SET next_attempt_at = $3 WHERE id IN (
       SELECT id FROM dead_letters
       WHERE reason = 'unsupported_version' AND status = 'waiting' AND NOT is_follower AND next_attempt_at IS NULL
         AND handler = ANY ($1) AND event_type = ANY ($2)
       FOR UPDATE SKIP LOCKED)`,
    [of.handlers, of.types, of.now],
  );
  return rowCount;
}

/** The first `depth` letters of each queue, in order. Call it under the locks of their keys. */
export async function readQueues(tx: Transaction, at: { handler: string; topic: string }, of: { queues: readonly RetryQueue[]; depth: number }): Promise<LetterRow[][]> {
  const keys = of.queues.flatMap(({ key }) => (key === null ? [] : [key]));
  const keyless = of.queues.flatMap(({ key, headId }) => (key === null ? [headId] : []));
  const { rows } = await tx.query<LetterRow>(
    `SELECT letter.* FROM unnest($3::text[]) AS queue (key) CROSS JOIN LATERAL (
       SELECT * FROM dead_letters d WHERE d.topic = $2 AND d.key = queue.key AND d.handler = $1
       ORDER BY d.record_offset, d.id LIMIT $4) AS letter
     UNION ALL SELECT * FROM dead_letters WHERE id = ANY ($5) AND key IS NULL`,
    [at.handler, at.topic, keys, of.depth, keyless],
  );
  const queues = new Map<string, LetterRow[]>();
  for (const row of rows) {
    const name = row.key === null ? `id ${row.id}` : `key ${row.key}`;
    queues.set(name, [...(queues.get(name) ?? []), row]);
  }
  return [...queues.values()];
}

/** A letter whose try failed. */
export interface FailedLetter {
  readonly row: LetterRow;
  readonly failure: Failure;
  readonly retries: number;
  readonly schedule: Schedule;
}

const fail = `WITH failed AS (
    UPDATE dead_letters d SET is_follower = false, claimed_until = NULL, reason = f.reason, error_code = f.error_code,
      error_message = f.error_message, error_stack = f.error_stack, attempts = d.attempts + f.attempts, retries = f.retries,
      max_retries = f.max_retries, first_failed_at = coalesce(d.first_failed_at, f.first_failed_at), last_failed_at = f.last_failed_at,
      next_attempt_at = f.next_attempt_at, status = CASE WHEN f.exhausted THEN 'exhausted' ELSE 'waiting' END
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::int[], $8::int[],
      $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::boolean[])
      AS f (id, reason, error_code, error_message, error_stack, attempts, retries, max_retries, first_failed_at, last_failed_at, next_attempt_at, exhausted)
    WHERE d.id = f.id RETURNING d.*)
  INSERT INTO dead_letter_announcements (letter_id, ${announcedColumns})
  SELECT id, ${announcedColumns} FROM failed WHERE status = 'exhausted'`;

/** Each becomes, or stays, the head of its queue. Exhausted ones are announced. */
export async function writeFailed(tx: Transaction, letters: readonly FailedLetter[]): Promise<void> {
  if (letters.length === 0) return;
  const column = <T>(value: (letter: FailedLetter) => T): T[] => letters.map(value);
  await tx.query(fail, [
    column(({ row }) => row.id),
    column(({ failure }) => failure.reason),
    column(({ failure }) => failure.code),
    column(({ failure }) => failure.message),
    column(({ failure }) => failure.stack),
    column(({ failure }) => failure.attempts),
    column(({ retries }) => retries),
    column(({ schedule }) => schedule.maxRetries),
    column(({ failure }) => failure.firstFailedAt),
    column(({ failure }) => failure.lastFailedAt),
    column(({ schedule }) => schedule.nextAttemptAt),
    column(({ schedule }) => schedule.isExhausted),
  ]);
}

export async function deleteLetters(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.query('DELETE FROM dead_letters WHERE id = ANY ($1)', [ids]);
}

/**
 * Makes the first letter of each queue its head, due now and in hand until `claimedUntil`. For queues
 * whose head has just gone; call it under the locks of their keys. Returns the queues that hold letters.
 */
export async function promoteNext(
  tx: Transaction,
  at: { handler: string; topic: string },
  of: { keys: readonly string[]; now: Date; claimedUntil: Date | null },
): Promise<RetryQueue[]> {
  if (of.keys.length === 0) return [];
  const { rows } = await tx.query<RetryQueue>(
    `UPDATE dead_letters d SET is_follower = false, next_attempt_at = $4, claimed_until = $5, ${thisConnection}
     FROM unnest($3::text[]) AS queue (key) CROSS JOIN LATERAL (
       SELECT id FROM dead_letters n WHERE n.topic = $2 AND n.key = queue.key AND n.handler = $1
       ORDER BY n.record_offset, n.id LIMIT 1) AS first
     WHERE d.id = first.id AND d.is_follower
     RETURNING d.key, d.id AS "headId"`,
    [at.handler, at.topic, of.keys, of.now, of.claimedUntil],
  );
  return rows;
}
