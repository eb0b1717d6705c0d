import pg from 'pg';

/** One owner's migrations: plain .sql files, run in the order of their names, each once. */
export interface MigrationSet {
  /** Absolute path of the directory. */
  readonly dir: string;
  /** Table that remembers what ran; one a set, so that numbers of different owners never meet. */
  readonly table: string;
}

export interface MigrateOptions {
  readonly url: string;
  /** Run in this order; each set in one transaction. */
  readonly sets: readonly MigrationSet[];
  readonly log?: (message: string) => void;
}

export interface MigrationRun {
  readonly table: string;
  readonly name: string;
}

/**
 * Brings a database up to date and returns what it ran, nothing when there was nothing to do. Several
 * at once wait for each other (at most 60 s).
 * @throws Error naming the file; of that set nothing remains.
 */
export async function migrate({ url, sets, log = () => undefined }: MigrateOptions): Promise<MigrationRun[]> {
  const ran: MigrationRun[] = [];
  for (const { dir, table } of sets) ran.push(...(await migrateSet(url, { dir, table }, log)));
  return ran;
}

async function migrateSet(url: string, { dir, table }: MigrationSet, log: (message: string) => void): Promise<MigrationRun[]> {
  // Loaded here alone: a running service never migrates and is 10 MB smaller without it.
  const { runner } = await import('node-pg-migrate');
  const client = new pg.Client({ connectionString: url, application_name: 'migrate', lock_timeout: 60_000 });
  client.on('error', toldByTheQuery);
  await client.connect();
  try {
    const migrations = await runner({
      dbClient: client,
      dir,
      migrationsTable: table,
      direction: 'up',
      singleTransaction: true,
      advisoryLockMode: 'wait',
      log,
    });
    return migrations.map(({ name }) => ({ table, name }));
  } finally {
    await client.end();
  }
}

/** A connection that breaks fails the query on it; with no listener Node would end the process before that is said. */
const toldByTheQuery = (): void => undefined;
