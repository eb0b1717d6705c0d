import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromService, Job, ToService } from '../service/job.js';

/** Built code, also when this file runs from its source: a process of its own knows no test runner. */
const worker = join(fileURLToPath(new URL('../../', import.meta.url)), 'dist/worker.js');

/** How a process ended: its exit code, or the signal that killed it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const errorTail = 4_000;

/** A service of a run, seen from outside. */
export class ServiceProcess {
  readonly ready: Promise<void>;
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcess;
  private errors = '';
  private isOver = false;

  constructor(readonly job: Job, private readonly onCommitted: (ids: readonly string[]) => void = () => undefined) {
    this.child = fork(worker, { execArgv: ['--enable-source-maps'], env: environment(), stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.child.stderr?.on('data', (text: Buffer) => (this.errors = (this.errors + String(text)).slice(-errorTail)));
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        this.isOver = true;
        resolve({ code, signal });
      });
    });
    this.child.on('message', (message: FromService) => message.kind === 'committed' && this.onCommitted(message.ids));
    this.ready = this.heard('ready');
    // A victim may die before anybody waits for it.
    this.ready.catch(() => undefined);
    this.child.send(job);
  }

  get isRunning(): boolean {
    return !this.isOver;
  }

  /** No more commands; resolves when those under way have ended. */
  async quiet(): Promise<void> {
    const message: ToService = { kind: 'quiet' };
    const quiet = this.heard('quiet');
    this.child.send(message);
    await quiet;
  }

  /** Asks it to stop as an operator would; after `graceMs` it is killed. */
  async stop(graceMs = 10_000): Promise<Ending> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    this.child.kill('SIGTERM');
    return this.ended.finally(() => clearTimeout(timer));
  }

  async kill(): Promise<void> {
    if (this.isRunning) this.child.kill('SIGKILL');
    await this.ended;
  }

  /** What it wrote on stderr last. */
  get lastWords(): string {
    return this.errors.trim();
  }

  private heard(kind: FromService['kind']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.child.on('message', (message: FromService) => {
        if (message.kind === kind) resolve();
        if (message.kind === 'failed') reject(new Error(`${this.job.role}: ${message.error}`));
      });
      void this.ended.then(({ code, signal }) => reject(new Error(`${this.job.role} ended (${signal ?? code}) before it was ${kind}. ${this.lastWords}`)));
    });
  }
}

/** As in production: kafkajs behaves otherwise under NODE_ENV=test. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  return { ...rest, NODE_ENV: 'production', KAFKAJS_NO_PARTITIONER_WARNING: '1' };
}
