/** Rows as the driver gives them: bigint and xid8 as text, timestamptz as Date, bytea as Buffer. */
export interface QueryAnswer<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

/** A statement that each connection parses once; for the few that run all the time. */
export interface PreparedStatement {
  /** Unique within the service: one name, one text. */
  readonly name: string;
  readonly text: string;
}

/** Anything that can run a statement: a transaction, or the pool for a single read. */
export interface Queryable {
  query<Row = Record<string, unknown>>(statement: string | PreparedStatement, values?: readonly unknown[]): Promise<QueryAnswer<Row>>;
}

export interface TransactionOptions {
  /**
   * Keys (user ids as text, or any other text that serialises writers) locked before anything else,
   * in one fixed order, until commit. Whoever appends an event holds the lock of its key.
   */
  readonly keys: readonly string[];
  /** The server ends the transaction after this time. Default 30 000 ms. */
  readonly timeoutMs?: number;
  /** Waiting for a lock longer than this fails with a retryable error. Default 10 000 ms. */
  readonly lockTimeoutMs?: number;
}

/**
 * An open transaction, READ COMMITTED, its key locks taken before its transaction id was assigned
 * (log order is by transaction id, so a writer that waited must get the later id).
 */
export interface Transaction extends Queryable {
  readonly keys: ReadonlySet<string>;
  /** First SQL error that any statement met, also when its caller swallowed it. */
  readonly failure: Error | null;
  /** Runs in order just before COMMIT; what it throws rolls back. */
  beforeCommit(work: (tx: Transaction) => Promise<void>): void;
  /** Runs after the server answered COMMIT, never otherwise; must not throw. */
  afterCommit(work: () => void): void;
  /** Runs `work` under a savepoint; when it throws, its writes and its hooks are undone and the error rethrown. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** Cuts the holder off: every later statement fails, the connection is destroyed instead of pooled. */
  revoke(reason: Error): void;
}

export interface Database extends Queryable {
  /**
   * Runs `work` in a transaction and commits. Resolves only when the server answered COMMIT: a
   * transaction that a swallowed SQL error aborted answers ROLLBACK and rejects with TransactionAborted.
   */
  transaction<T>(options: TransactionOptions, work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
