import { dirname, join } from 'node:path';
import { registryJar } from '../artifacts/registry-folder.js';
import { findPort, releasePort } from '../free-port.js';
import { findJava } from '../java.js';
import { type Log, silent } from '../log.js';
import { startProcess, waitUntilReady } from '../processes/managed-process.js';
import { reapStale } from '../processes/pid-file.js';

export interface RegistryOptions {
  /** Keeps log and pid; the schemas themselves are in the database. */
  readonly dataDir: string;
  /** The next free one is taken when it is busy; default any free one. */
  readonly port?: number;
  readonly log?: Log;
  /** A PostgreSQL database for the registry alone, `postgres://user:password@host:port/name`. */
  readonly databaseUrl: string;
}

export interface RunningRegistry {
  /** Base of the Confluent-compatible API. */
  readonly url: string;
  readonly pid: number;
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/** An Apicurio Registry on 127.0.0.1 that answers when the promise resolves. */
export async function startRegistry(options: RegistryOptions): Promise<RunningRegistry> {
  const log = options.log ?? silent;
  const pidFile = join(options.dataDir, 'registry.pid.json');
  const logFile = join(options.dataDir, 'registry.log');
  const [java, jar] = await Promise.all([findJava(log), registryJar(log), reapStale(pidFile, 'the registry', log)]);
  const port = await findPort('the registry', options.port, log);
  const started = await startProcess({
    name: 'the registry',
    rank: 'registry',
    command: java,
    args: javaArgs({ jar, port, dataDir: options.dataDir }),
    env: { ...process.env, ...storage(options.databaseUrl) },
    cwd: dirname(jar),
    logFile,
    pidFile,
  });
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  await waitUntilReady(started, { name: 'the registry', logFile, timeoutMs: 120_000, ready: () => answers(url) })
    .catch(async (error: unknown) => {
      await started.stop();
      throw error;
    })
    .finally(() => releasePort(port));
  return { url, pid: started.pid, exited: started.exited, stop: () => started.stop() };
}

const javaArgs = ({ jar, port, dataDir }: { jar: string; port: number; dataDir: string }): string[] => [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dquarkus.http.host=127.0.0.1',
  `-Dquarkus.http.port=${port}`,
  '-Dquarkus.log.console.json=false',
  // Only to be told apart from another clone's registry in the process list.
  `-Dlifeos.data=${dataDir}`,
  '-jar',
  jar,
];

/** By the environment, so that no process list shows the password. */
function storage(databaseUrl: string): NodeJS.ProcessEnv {
  const { hostname, port, pathname, username, password } = new URL(databaseUrl);
  return {
    APICURIO_STORAGE_KIND: 'sql',
    APICURIO_STORAGE_SQL_KIND: 'postgresql',
    APICURIO_DATASOURCE_URL: `jdbc:postgresql://${hostname}:${port || 5432}${pathname}`,
    APICURIO_DATASOURCE_USERNAME: decodeURIComponent(username),
    APICURIO_DATASOURCE_PASSWORD: decodeURIComponent(password),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}
