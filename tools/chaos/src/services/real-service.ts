import { join } from 'node:path';
import { checkout, findPort, type ManagedProcess, releasePort, startProcess, tailOf, waitUntilReady } from '@lifeos/local';
import type { ServiceName } from '@lifeos/cli';

export interface RealServiceOptions {
  readonly name: ServiceName;
  /** Logs go here. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A service as it is deployed, in a process of its own. It comes back under the same address. */
export class RealService {
  private process: ManagedProcess | null = null;
  /** How it ended; null while it runs. */
  private ended: string | null = null;

  private constructor(
    private readonly options: RealServiceOptions,
    private readonly port: number,
  ) {}

  static async start(options: RealServiceOptions): Promise<RealService> {
    const port = await findPort(options.name);
    const service = new RealService(options, port);
    await service.start().finally(() => releasePort(port));
    return service;
  }

  get name(): ServiceName {
    return this.options.name;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/api/v1`;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const { name, folder, env } = this.options;
    const logFile = join(folder, `${name}.log`);
    this.process = await startProcess({
      name, rank: 'service', logFile,
      command: process.execPath,
      args: ['--enable-source-maps', join(checkout, 'apps', name, 'dist/main.js')],
      env: { ...env, HOST: '127.0.0.1', PORT: String(this.port) },
      pidFile: join(folder, `${name}.json`),
    });
    this.ended = null;
    void this.process.exited.then((how) => (this.ended = how));
    const ready = (): Promise<boolean> => isReady(`http://127.0.0.1:${this.port}/health/ready`);
    await waitUntilReady(this.process, { name, logFile, timeoutMs: 120_000, ready });
  }

  /** @throws Error with the end of its log, when it ended by itself. */
  async mustRun(): Promise<void> {
    if (this.ended === null) return;
    const { name, folder } = this.options;
    throw new Error(`${name} ended (${this.ended}). The end of its log:\n${await tailOf(join(folder, `${name}.log`))}`);
  }

  /** Without a word. */
  async kill(): Promise<void> {
    if (this.process === null || this.ended !== null) return;
    process.kill(this.process.pid, 'SIGKILL');
    await this.process.exited;
  }

  /** In order. Resolves with how it ended: its exit code, or the signal's name. */
  async stop(): Promise<string> {
    await this.process?.stop();
    return this.process === null ? 'never started' : this.process.exited;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
