import { deserialize, serialize } from 'node:v8';
import type { Queryable, Transaction } from '@lifeos/postgres';
import { Problem } from '../http/problems.js';
import { type KeyedRequest, KeyReused } from './idempotency-key.js';
import type { KeyedStep } from './keyed-steps.js';

/** What a POST was answered: JSON text, null for an empty body. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string | null;
}

/** A twin in another process was answered while this request waited: it gets the same. */
export class AnsweredMeanwhile extends Error {
  constructor(readonly answer: KeptAnswer) {
    super('A request with the same Idempotency-Key was answered meanwhile.');
    this.name = 'AnsweredMeanwhile';
  }
}

const largestBytes = 65_536;

/** What this request was answered before; null when it was not, though its commands may be done. @throws KeyReused */
export async function findAnswer(db: Queryable, { id, fingerprint }: KeyedRequest): Promise<KeptAnswer | null> {
  const { rows } = await db.query<{ fingerprint: Buffer; status: number | null; body: string | null }>(
    'SELECT fingerprint, status, body FROM idempotency_keys WHERE id = $1',
    [id],
  );
  const [known] = rows;
  if (!known) return null;
  if (!known.fingerprint.equals(fingerprint)) throw new KeyReused();
  return known.status === null ? null : { status: known.status, body: known.body };
}

/**
 * Keeps an answer and returns the one to send: of twins that both come here, all send the first. Too large
 * a one is not kept, nor is a refusal when meanwhile a twin did what was asked for.
 */
export async function keepAnswer(db: Queryable, request: KeyedRequest, answer: KeptAnswer): Promise<KeptAnswer> {
  if (answer.body !== null && Buffer.byteLength(answer.body) > largestBytes) return answer;
  const { rowCount } = await db.query(
    `INSERT INTO idempotency_keys AS known (id, user_id, fingerprint, status, body) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, body = excluded.body WHERE known.status IS NULL AND excluded.status < 400`,
    [request.id, request.userId, request.fingerprint, answer.status, answer.body],
  );
  return rowCount === 1 ? answer : ((await findAnswer(db, request)) ?? answer);
}

/**
 * Runs a command once for its request: a second time gives back what the first returned, also when the first
 * was committed and its process died before it answered. Inside the command's transaction, under its lock.
 */
export async function doOnce<T>(tx: Transaction, { request, step }: KeyedStep, work: () => Promise<T>): Promise<T> {
  const kept = await findAnswer(tx, request);
  const { rows } = await tx.query<{ result: Buffer | null }>('SELECT result FROM idempotency_steps WHERE id = $1 AND step = $2', [request.id, step]);
  const [done] = rows;
  if (done) return resultOf(done.result) as T;
  if (kept) throw new AnsweredMeanwhile(kept);
  const value = await work();
  const result = serialize(value);
  await tx.query(
    `WITH known AS (INSERT INTO idempotency_keys (id, user_id, fingerprint) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING)
     INSERT INTO idempotency_steps (id, step, result) VALUES ($1, $4, $5)`,
    [request.id, request.userId, request.fingerprint, step, result.byteLength > largestBytes ? null : result],
  );
  return value;
}

function resultOf(stored: Buffer | null): unknown {
  if (stored === null) throw new Problem('done_before', 'conflict', 'This was done before under the same Idempotency-Key; its answer was too large to keep.');
  return deserialize(stored);
}

const sweptAtOnce = 1_000;

/** Forgets what is older than `hours`; resolves with the number of requests forgotten. */
export async function sweepAnswers(db: Queryable, hours: number): Promise<number> {
  for (let swept = 0; ; ) {
    const { rowCount } = await db.query(
      `DELETE FROM idempotency_keys WHERE id IN (
         SELECT id FROM idempotency_keys WHERE created_at < now() - make_interval(hours => $1) ORDER BY created_at LIMIT ${sweptAtOnce})`,
      [hours],
    );
    swept += rowCount;
    if (rowCount < sweptAtOnce) return swept;
  }
}
