import type { Queryable, Transaction } from '@lifeos/postgres';
import { throttleWindowMs, type RecentFailures } from './login-throttle.js';

/** Whose attempts count together. */
export interface Attempt {
  /** User name or e-mail address in lower case. */
  readonly account: string;
  /** Network address of the client. */
  readonly address: string;
}

/** Attempts for one account, and from one address, come one after the other: none slips past the count. */
export function attemptKeys({ account, address }: Attempt): string[] {
  return [`login-account:${account}`, `login-address:${address}`];
}

export async function recentFailures(tx: Transaction, { account, address }: Attempt, now: Date): Promise<RecentFailures> {
  const since = new Date(now.getTime() - throttleWindowMs);
  await tx.query('DELETE FROM login_attempts WHERE (account = $1 OR address = $2) AND attempted_at < $3', [account, address, since]);
  const sql = `SELECT count(*) FILTER (WHERE account = $1) AS of_account, count(*) FILTER (WHERE address = $2) AS from_address
    FROM login_attempts WHERE (account = $1 OR address = $2) AND attempted_at >= $3`;
  const row = (await tx.query<{ of_account: string; from_address: string }>(sql, [account, address, since])).rows[0];
  return { ofAccount: Number(row?.of_account), fromAddress: Number(row?.from_address) };
}

/** Counted as failed until it is known to be good. Returns its number. */
export async function noteAttempt(tx: Transaction, { account, address }: Attempt, now: Date): Promise<string> {
  const sql = 'INSERT INTO login_attempts (account, address, attempted_at) VALUES ($1, $2, $3) RETURNING attempt_id';
  const { rows } = await tx.query<{ attempt_id: string }>(sql, [account, address, now]);
  return rows[0]?.attempt_id ?? '';
}

/** The attempt was good: it and the account's earlier failures no longer count. Those of the address do. */
export async function forgiveAccount(database: Queryable, attemptId: string, account: string): Promise<void> {
  await database.query('DELETE FROM login_attempts WHERE attempt_id = $1 OR account = $2', [attemptId, account]);
}
