import pg from 'pg';

export interface BenchDatabase {
  readonly url: string;
  readonly name: string;
  drop(): Promise<void>;
}

/** A fresh database for one run. */
export async function createBenchDatabase(postgresUrl: string, name: string): Promise<BenchDatabase> {
  const database = `bench_${name.replaceAll('-', '_')}_${Math.random().toString(36).slice(2, 8)}`;
  await runOnce(postgresUrl, `create database ${database}`);
  return benchDatabase(postgresUrl, database);
}

/** A database that exists already. */
export function benchDatabase(postgresUrl: string, name: string): BenchDatabase {
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return { url: url.href, name, drop: () => runOnce(postgresUrl, `drop database ${name} with (force)`) };
}

/** Runs statements on a connection of their own. */
export async function runOnce(url: string, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql));
}

/** The single row that a checking query answers, numbers as text. */
export async function readRow(url: string, sql: string): Promise<Record<string, string>> {
  const { rows } = await withClient(url, (client) => client.query<Record<string, string>>(sql));
  return rows[0] ?? {};
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
