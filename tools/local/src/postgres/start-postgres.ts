import { join } from 'node:path';
import pg from 'pg';
import { findPort, releasePort } from '../free-port.js';
import { type Log, silent } from '../log.js';
import { startProcess, waitUntilReady } from '../processes/managed-process.js';
import { reapStale } from '../processes/pid-file.js';
import { postgresBinaries } from './binaries.js';
import { prepareDataFolder } from './data-folder.js';
import { closeSharedDatabases } from './databases.js';
import { unprivilegedUser } from './system-user.js';

export interface PostgresOptions {
  /** Keeps data, password and log; made when missing. */
  readonly dataDir: string;
  /** The next free one is taken when it is busy; default any free one. */
  readonly port?: number;
  readonly log?: Log;
  /** Default 200. */
  readonly maxConnections?: number;
  /** False trades safety against a crash of the machine for speed; for tests. Default true. */
  readonly fsync?: boolean;
}

export interface RunningPostgres {
  /** Of the superuser, in the database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<string>;
  /** Ends open connections; resolves when the server is gone. */
  stop(): Promise<void>;
}

/** A PostgreSQL on 127.0.0.1 that answers when the promise resolves. Data of an earlier start is used again. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const log = options.log ?? silent;
  const pidFile = join(options.dataDir, 'postgres.pid.json');
  const logFile = join(options.dataDir, 'postgres.log');
  await reapStale(pidFile, 'PostgreSQL', log);
  const user = unprivilegedUser();
  const binaries = await postgresBinaries(user);
  const data = await prepareDataFolder(options.dataDir, binaries, user, log);
  const port = await findPort('PostgreSQL', options.port, log);
  const started = await startProcess({
    name: 'PostgreSQL',
    rank: 'database',
    command: binaries.postgres,
    args: ['-D', data.path, '-p', String(port), ...settings(options).flatMap((setting) => ['-c', setting])],
    env: { ...process.env, LC_ALL: 'C' },
    cwd: '/',
    logFile,
    pidFile,
    // "Fast": SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    ...(user === undefined ? {} : { user }),
  });
  const url = `postgres://postgres:${data.password}@127.0.0.1:${port}/postgres`;
  await waitUntilReady(started, { name: 'PostgreSQL', logFile, timeoutMs: 120_000, ready: () => answers(url) })
    .catch(async (error: unknown) => {
      await started.stop();
      throw error;
    })
    .finally(() => releasePort(port));
  await closeSharedDatabases(url);
  return { url, port, pid: started.pid, exited: started.exited, stop: () => started.stop() };
}

function settings({ maxConnections = 200, fsync = true }: PostgresOptions): string[] {
  return [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${maxConnections}`,
    // A batch locks one key a person: the default of 64 a connection is too few.
    'max_locks_per_transaction=512',
    'shared_buffers=128MB',
    'max_wal_size=2GB',
    `fsync=${fsync ? 'on' : 'off'}`,
    'log_line_prefix=%m [%p] %d ',
  ];
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
