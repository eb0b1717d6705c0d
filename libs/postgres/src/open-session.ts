import pg from 'pg';
import type { PreparedStatement, Queryable, QueryAnswer } from './database.js';
import { toError } from './errors.js';
import { answerOf, runOn } from './transaction.js';

export interface SessionOptions {
  readonly url: string;
  readonly applicationName: string;
  /** Default 5 000 ms. */
  readonly connectTimeoutMs?: number;
  /** A statement that takes longer fails, also when the server no longer answers. Default 30 000 ms. */
  readonly statementTimeoutMs?: number;
  readonly onConnect?: (connection: Queryable) => Promise<void>;
}

/**
 * One connection of its own, for what belongs to a connection: session locks. Statements run one
 * after the other; after the connection is lost every one fails, and the session never reconnects.
 */
export interface Session extends Queryable {
  /** Why the connection is gone; null while it lives. */
  readonly lost: Error | null;
  /** Ends the connection, and with it its locks. Never throws. */
  close(): Promise<void>;
}

/** @throws a connection error (`isConnectionError`) when the server cannot be reached. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const statementTimeout = options.statementTimeoutMs ?? 30_000;
  const client = new pg.Client({
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + 5_000,
    keepAlive: true,
  });
  const session = new PgSession(client);
  try {
    await client.connect();
    await options.onConnect?.(session);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

class PgSession implements Session {
  lost: Error | null = null;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(private readonly client: pg.Client) {
    client.on('error', (error) => (this.lost ??= error));
    client.on('end', () => (this.lost ??= new Error('Connection terminated')));
  }

  query<Row = Record<string, unknown>>(statement: string | PreparedStatement, values?: readonly unknown[]): Promise<QueryAnswer<Row>> {
    const answer = this.tail.then(async () => {
      if (this.lost !== null) throw this.lost;
      return answerOf(await runOn<Row>(this.client, statement, values));
    });
    this.tail = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    this.lost ??= new Error('The session is closed');
    const ended = this.client.end().catch((error: unknown) => toError(error));
    // A server that no longer answers would never confirm the end.
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, 2_000)));
    await Promise.race([ended, patience]);
    clearTimeout(timer);
  }
}
