import type { ClientBase, QueryResult } from 'pg';
import type { PreparedStatement, QueryAnswer, Transaction } from './database.js';
import { isStalePlan, toError, TransactionClosed } from './errors.js';
import { parametersOf } from './parameters.js';
import { RepeatedStatements } from './repeated-statements.js';

type Hook = (tx: Transaction) => Promise<void>;

/** Runs the statements of one transaction on one connection, in the order they were asked for. */
export class PgTransaction implements Transaction {
  failure: Error | null = null;
  private readonly beforeHooks: Hook[] = [];
  private readonly afterHooks: (() => void)[] = [];
  private tail: Promise<unknown> = Promise.resolve();
  private running = 0;
  /** Why no statement is taken any more. */
  private closed: Error | null = null;
  /** Why the connection is gone. */
  private lost: Error | null = null;
  private savepoints = 0;

  constructor(
    private readonly client: ClientBase,
    readonly keys: ReadonlySet<string>,
    private readonly destroy: (reason: Error, isStatementRunning: boolean) => void,
  ) {}

  query<Row = Record<string, unknown>>(statement: string | PreparedStatement, values?: readonly unknown[]): Promise<QueryAnswer<Row>> {
    return this.send<Row>(statement, values);
  }

  beforeCommit(work: Hook): void {
    this.beforeHooks.push(work);
  }

  afterCommit(work: () => void): void {
    this.afterHooks.push(work);
  }

  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = `s${++this.savepoints}`;
    const before = { before: this.beforeHooks.length, after: this.afterHooks.length, failure: this.failure };
    await this.send(`SAVEPOINT ${name}`);
    try {
      const answer = await work();
      // An SQL error that `work` swallowed makes this fail, so it cannot pass for a success.
      if (this.failure !== before.failure) throw this.failure;
      await this.send(`RELEASE SAVEPOINT ${name}`);
      return answer;
    } catch (error) {
      this.beforeHooks.length = before.before;
      this.afterHooks.length = before.after;
      // When even this fails the connection is gone: nothing can be committed, and `error` tells more.
      const undone = await this.send(`ROLLBACK TO SAVEPOINT ${name}`).then(() => true, () => false);
      if (undone) this.failure = before.failure;
      throw error;
    }
  }

  revoke(reason: Error): void {
    if (this.closed !== null) return;
    this.closed = reason;
    this.connectionLost(reason);
    this.destroy(reason, this.running > 0);
  }

  /** The server ended the session between two statements; the driver's later errors would not say why. */
  connectionLost(reason: Error): void {
    this.failure ??= reason;
    this.lost ??= reason;
  }

  /** Hooks may append hooks. */
  async runBeforeHooks(): Promise<void> {
    for (let i = 0; i < this.beforeHooks.length; i++) await this.beforeHooks[i]?.(this);
  }

  /** The hooks to run now that the server answered COMMIT. */
  get committedHooks(): readonly (() => void)[] {
    return this.afterHooks;
  }

  /** Sends the last statement; whatever comes later is refused. Resolves to the server's command tag. */
  async end(command: 'COMMIT' | 'ROLLBACK'): Promise<string> {
    const answer = this.send(command);
    this.closed ??= new TransactionClosed();
    return (await answer).command;
  }

  private send<Row>(statement: string | PreparedStatement, values?: readonly unknown[]): Promise<QueryAnswer<Row> & { command: string }> {
    if (this.closed !== null) return Promise.reject(this.closed);
    // The driver wants one statement at a time, and callers may start several.
    const answer = this.tail.then(() => this.run<Row>(statement, values));
    this.tail = answer.catch(() => undefined);
    return answer;
  }

  private async run<Row>(statement: string | PreparedStatement, values: readonly unknown[] | undefined) {
    if (this.lost !== null) throw this.lost;
    this.running++;
    try {
      return answerOf(await runOn<Row>(this.client, statement, values));
    } catch (error) {
      this.failure ??= toError(error);
      throw this.lost ?? error;
    } finally {
      this.running--;
    }
  }
}

const repeated = new RepeatedStatements();

/** Typed on our side of the driver: what a statement returns is the caller's knowledge. */
export async function runOn<Row>(
  on: { query: (config: { text: string; name?: string; values?: unknown[] }) => Promise<QueryResult> },
  statement: string | PreparedStatement,
  values: readonly unknown[] | undefined,
): Promise<Omit<QueryResult, 'rows'> & { rows: Row[] }> {
  // Without values it may be several statements, which cannot be prepared.
  if (values === undefined) return on.query(typeof statement === 'string' ? { text: statement } : { text: statement.text, name: statement.name });
  if (typeof statement !== 'string') return on.query({ text: statement.text, name: statement.name, values: parametersOf(values) });
  const name = repeated.nameOf(statement);
  try {
    return await on.query({ text: statement, ...(name === undefined ? {} : { name }), values: parametersOf(values) });
  } catch (error) {
    if (isStalePlan(error)) repeated.rename(statement);
    throw error;
  }
}

export function answerOf<Row>(result: Omit<QueryResult, 'rows'> & { rows: Row[] }): QueryAnswer<Row> & { command: string } {
  return { rows: result.rows, rowCount: result.rowCount ?? 0, command: result.command };
}
