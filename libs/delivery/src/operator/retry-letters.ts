import type { Database, Transaction } from '@lifeos/postgres';
import { noHandler } from '../dead-letters.js';
import { addToAudit, writeAudit, type By } from './audit.js';
import { LetterNotFound, LetterWaits, NothingSelected } from './errors.js';
import { isEmptyFilter, whereOf, type LetterFilter } from './letter-filter.js';
import { lockKeysOf, readHeadId, readLetterById } from './read-letters.js';

export interface RetryRequest {
  readonly filter: LetterFilter;
  /** Must be said when the filter holds no condition. */
  readonly all?: boolean;
  /** Changes nothing, only counts. */
  readonly dryRun?: boolean;
  /** Heads at most; the answer's `next` leads on. Default 10 000. */
  readonly cap?: number;
  /** Where an earlier call ended. */
  readonly after?: string;
  /** Tries that each of them gets, instead of what its handler's policy says. */
  readonly retries?: number;
  readonly by: By;
}

export interface RetryAnswer {
  /** Heads that were made due now; in a dry run, that would be. What waits behind them follows by itself. */
  readonly letters: number;
  /** Give it as `after` to go on; null: nothing is left. */
  readonly next: string | null;
  readonly dry_run: boolean;
}

const pageSize = 500;
const retryable = `NOT is_follower AND handler <> '${noHandler}'`;

interface Head {
  readonly id: string;
  readonly key: string | null;
}

/**
 * Makes matching heads due now, with all of their tries before them. Each page is a transaction under
 * its keys' locks, so what is in work elsewhere comes first.
 * @throws NothingSelected, LetterNotFound, LetterWaits
 */
export async function retryLetters(database: Database, request: RetryRequest, now: Date): Promise<RetryAnswer> {
  const { filter, cap = 10_000, dryRun = false } = request;
  await requireSelection(database, request);
  let [after, letters, audit] = [request.after ?? '0', 0, ''];
  while (letters < cap) {
    const limit = Math.min(pageSize, cap - letters);
    const heads = await readHeads(database, filter, { after, limit });
    if (heads.length > 0 && !dryRun) audit = await retryPage(database, heads, { request, audit, now });
    letters += heads.length;
    after = heads.at(-1)?.id ?? after;
    if (heads.length < limit) return { letters, next: null, dry_run: dryRun };
  }
  return { letters, next: after, dry_run: dryRun };
}

async function requireSelection(database: Database, { filter, all }: RetryRequest): Promise<void> {
  if (isEmptyFilter(filter) && all !== true) throw new NothingSelected();
  const { id } = filter;
  if (id === undefined) return;
  const row = await readLetterById(database, id);
  if (row === null) throw new LetterNotFound(id);
  if (row.is_follower) throw new LetterWaits(id, await readHeadId(database, row));
}

async function readHeads(database: Database, filter: LetterFilter, page: { after: string; limit: number }): Promise<Head[]> {
  const { where, values } = whereOf(filter, [page.after, page.limit]);
  const { rows } = await database.query<Head>(`SELECT id, key FROM dead_letters WHERE id > $1 AND ${retryable} AND ${where} ORDER BY id LIMIT $2`, values);
  return rows;
}

async function retryPage(database: Database, heads: readonly Head[], { request, audit, now }: { request: RetryRequest; audit: string; now: Date }): Promise<string> {
  return database.transaction({ keys: lockKeysOf(heads) }, async (tx) => {
    const changed = await makeDue(tx, heads, { retries: request.retries ?? null, now });
    if (audit === '') return writeAudit(tx, { action: 'retry', by: request.by, filter: request.filter, letters: changed });
    await addToAudit(tx, audit, changed);
    return audit;
  });
}

async function makeDue(tx: Transaction, heads: readonly Head[], { retries, now }: { retries: number | null; now: Date }): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE dead_letters SET status = 'waiting', retries = 0, max_retries = coalesce($2, max_retries), next_attempt_at = $3, claimed_until = NULL
     WHERE id = ANY ($1) AND NOT is_follower`,
    [heads.map(({ id }) => id), retries, now],
  );
  return rowCount;
}
