import type { Database, QueryAnswer, Transaction, TransactionOptions } from '@lifeos/postgres';

/** What happens to a transaction: nothing, the server ends it before COMMIT, or the answer to COMMIT is lost. */
export type Fate = 'lives' | 'dies before commit' | 'answer is lost';

/** A real database whose transactions meet the fates given, and then live. */
export class FailingDatabase implements Database {
  isUnreachable = false;
  transactions = 0;

  constructor(
    private readonly database: Database,
    private readonly fates: Fate[],
  ) {}

  async query<Row>(...call: Parameters<Database['query']>): Promise<QueryAnswer<Row>> {
    if (this.isUnreachable) throw lost();
    return this.database.query<Row>(...call);
  }

  async transaction<T>(options: TransactionOptions, work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.transactions++;
    const fate = this.fates.shift() ?? 'lives';
    if (this.isUnreachable) throw lost();
    const answer = await this.database.transaction(options, async (tx) => {
      const result = await work(tx);
      if (fate === 'dies before commit') tx.beforeCommit(async () => void (await tx.query('SELECT pg_terminate_backend(pg_backend_pid())')));
      return result;
    });
    if (fate === 'answer is lost') throw lost();
    return answer;
  }

  async close(): Promise<void> {}
}

export function lost(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}
