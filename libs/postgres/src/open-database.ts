import pg from 'pg';
import type { PoolClient } from 'pg';
import type { Database, PreparedStatement, Queryable, QueryAnswer, Transaction, TransactionOptions } from './database.js';
import { LockedTooLate, toError, TransactionAborted } from './errors.js';
import { lockStatement } from './key-locks.js';
import { answerOf, PgTransaction, runOn } from './transaction.js';

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most. Default 8: few, since one transaction carries a whole batch. */
  readonly max?: number;
  /** Shown in pg_stat_activity, so that whoever holds a lock has a name. */
  readonly applicationName: string;
  /** Waiting for a free or a new connection longer than this fails as a connection error. Default 5 000 ms. */
  readonly connectTimeoutMs?: number;
  /** Statements outside of a transaction end after this time. Default 30 000 ms. */
  readonly statementTimeoutMs?: number;
  /** Runs on each new physical connection before it is used; what it throws closes the connection and fails its user. */
  readonly onConnect?: (connection: Queryable) => Promise<void>;
  /** Told of errors that have no caller: an idle connection that broke, an `afterCommit` that threw. */
  readonly onBackgroundError?: (error: Error) => void;
}

/** Connects on first use. Close it at shutdown, else its connections keep the process alive. */
export function openDatabase(options: DatabaseOptions): Database {
  return new PgDatabase(options);
}

class PgDatabase implements Database {
  private readonly pool: pg.Pool;
  private readonly report: (error: Error) => void;

  constructor(options: DatabaseOptions) {
    const { onConnect } = options;
    this.report = options.onBackgroundError ?? ((error) => process.emitWarning(error.message, { type: error.name, detail: error.stack ?? '' }));
    this.pool = new pg.Pool({
      connectionString: options.url,
      max: options.max ?? 8,
      application_name: options.applicationName,
      connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      idle_in_transaction_session_timeout: defaultTimeoutMs,
      lock_timeout: defaultLockTimeoutMs,
      keepAlive: true,
      onConnect: onConnect && ((client) => onConnect({ query: async (text, values) => answerOf(await runOn(client, text, values)) })),
    });
    // Without these a server that goes away would end the process.
    this.pool.on('error', (error) => this.report(error));
  }

  async query<Row = Record<string, unknown>>(statement: string | PreparedStatement, values?: readonly unknown[]): Promise<QueryAnswer<Row>> {
    return answerOf(await runOn<Row>(this.pool, statement, values));
  }

  async transaction<T>(options: TransactionOptions, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const lease = new Lease(client);
    const keys = new Set(options.keys);
    const tx = new PgTransaction(client, keys, (reason, isStatementRunning) => this.cutOff(lease, reason, isStatementRunning));
    // The server may end the session between two statements (transaction_timeout); the next one then fails.
    const onLost = (error: Error) => tx.connectionLost(error);
    client.on('error', onLost);
    try {
      lease.serverProcess = await begin(client, options, keys);
      const answer = await work(tx);
      await tx.runBeforeHooks();
      if ((await tx.end('COMMIT')) !== 'COMMIT') throw new TransactionAborted(tx.failure);
      this.runHooks(tx.committedHooks);
      return answer;
    } catch (error) {
      if (!(error instanceof TransactionAborted)) await this.rollBack(tx, lease, error);
      throw error;
    } finally {
      client.off('error', onLost);
      lease.end(null);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async rollBack(tx: PgTransaction, lease: Lease, error: unknown): Promise<void> {
    if (lease.isOver) return;
    if (error instanceof LockedTooLate) return lease.end(error);
    try {
      await tx.end('ROLLBACK');
    } catch (failure) {
      // A connection that cannot roll back is of no use; its server process rolls back when it notices.
      lease.end(toError(failure));
    }
  }

  private cutOff(lease: Lease, reason: Error, isStatementRunning: boolean): void {
    lease.end(reason);
    // A running statement does not notice that its client is gone, and would keep its locks.
    if (isStatementRunning && lease.serverProcess !== null) {
      this.pool.query('SELECT pg_terminate_backend($1)', [lease.serverProcess]).catch((error: Error) => this.report(error));
    }
  }

  private runHooks(hooks: readonly (() => void)[]): void {
    for (const hook of hooks) {
      try {
        hook();
      } catch (error) {
        this.report(toError(error));
      }
    }
  }
}

/** A connection taken from the pool, given back or destroyed exactly once. */
class Lease {
  serverProcess: number | null = null;
  isOver = false;

  constructor(private readonly client: PoolClient) {}

  end(error: Error | null): void {
    if (this.isOver) return;
    this.isOver = true;
    this.client.release(error ?? undefined);
  }
}

const defaultTimeoutMs = 30_000;
const defaultLockTimeoutMs = 10_000;

/** One round trip. Returns the number of the server's process. */
async function begin(client: PoolClient, options: TransactionOptions, keys: ReadonlySet<string>): Promise<number> {
  const statements = [
    'BEGIN ISOLATION LEVEL READ COMMITTED',
    ...timeouts(options),
    lockStatement(keys),
    'SELECT pg_current_xact_id_if_assigned()::text AS xid, pg_backend_pid() AS pid',
  ].filter((statement) => statement !== null);
  // The driver answers several statements with several results, which its types do not know.
  const results: unknown = await client.query(statements.join('; '));
  const { xid, pid } = (results as { rows: { xid: string | null; pid: number }[] }[]).at(-1)?.rows[0] ?? { xid: null, pid: 0 };
  if (xid !== null) throw new LockedTooLate(xid);
  return pid;
}

/** What differs from the connection's own. A shorter time of the transaction ends its statements and pauses as well. */
function timeouts({ timeoutMs = defaultTimeoutMs, lockTimeoutMs = defaultLockTimeoutMs }: TransactionOptions): string[] {
  const [timeout, lockTimeout] = [milliseconds(timeoutMs), milliseconds(lockTimeoutMs)];
  return [
    // Never the connection's own: the server ignores a change of it while its clock runs.
    `SET LOCAL transaction_timeout = ${timeout}`,
    ...(timeout <= defaultTimeoutMs ? [] : [`SET LOCAL statement_timeout = ${timeout}`, `SET LOCAL idle_in_transaction_session_timeout = ${timeout}`]),
    ...(lockTimeout === defaultLockTimeoutMs ? [] : [`SET LOCAL lock_timeout = ${lockTimeout}`]),
  ];
}

function milliseconds(value: number): number {
  if (!Number.isSafeInteger(value) || value < 1 || value > 2_147_483_647) throw new RangeError(`${value} is not a time in ms`);
  return value;
}
