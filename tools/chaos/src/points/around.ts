import type { RecordPublisher } from '@lifeos/events';
import type { Database, PreparedStatement, QueryAnswer, Transaction } from '@lifeos/postgres';

export interface AroundCommit {
  /** All is written, the event log's rows too; COMMIT is not sent. */
  readonly before?: () => void;
  /** The server answered COMMIT, and nobody has heard of it yet. */
  readonly after?: () => void;
}

/** A database that tells of each commit. */
export function aroundCommit(inner: Database, { before, after }: AroundCommit): Database {
  return {
    query: (...call) => inner.query(...call),
    close: () => inner.close(),
    transaction: async (options, work) => {
      const answer = await inner.transaction(options, async (tx) => {
        const result = await work(tx);
        if (before) lastBeforeCommit(tx, before);
        return result;
      });
      after?.();
      return answer;
    },
  };
}

/** Hooks run in the order in which they were given, and the event log gave its own while the work ran. */
function lastBeforeCommit(tx: Transaction, tell: () => void): void {
  tx.beforeCommit(async () => tell());
}

/** A database that tells of each statement of a transaction that holds such words, once it is carried out. */
export function afterStatement(inner: Database, words: string, tell: () => void): Database {
  return {
    query: (...call) => inner.query(...call),
    close: () => inner.close(),
    transaction: (options, work) =>
      inner.transaction(options, (tx) => {
        watchStatements(tx, words, tell);
        return work(tx);
      }),
  };
}

function watchStatements(tx: Transaction, words: string, tell: () => void): void {
  const query = tx.query.bind(tx);
  tx.query = async <Row>(statement: string | PreparedStatement, values?: readonly unknown[]): Promise<QueryAnswer<Row>> => {
    const answer = await query<Row>(statement, values);
    const text = typeof statement === 'string' ? statement : statement.text;
    if (text.includes(words)) tell();
    return answer;
  };
}

export interface AroundSend {
  readonly before?: () => void;
  /** The records are on their way, and nothing is known. */
  readonly during?: () => void;
  /** The broker has them; the checkpoint does not say so. */
  readonly after?: () => void;
}

/** A publisher that tells of each send. */
export function aroundSend(inner: RecordPublisher, { before, during, after }: AroundSend): RecordPublisher {
  return {
    close: () => inner.close(),
    publish: async (records) => {
      before?.();
      const sent = inner.publish(records);
      // The request leaves within this turn of the event loop, or the next ones.
      if (during) setImmediate(() => setImmediate(during));
      await sent;
      after?.();
    },
  };
}
