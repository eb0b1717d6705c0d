import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Job } from './messages.js';

const worker = fileURLToPath(new URL('../worker.js', import.meta.url));

export interface ChildOptions {
  /** The process is killed afterwards and the job fails. */
  readonly timeoutMs: number;
  /** Folder for a CPU profile, null for none. */
  readonly profileDir: string | null;
}

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** The first answer; rejects when the job fails, dies or takes too long. */
  readonly answer: Promise<Answer>;
}

/** Starts a process for one job. It ends by itself, at the latest when this process does. */
export function startChild(job: Job, options: ChildOptions): Child {
  const label = [job.scenario, job.task, job.name].filter((part) => part !== '').join(' ');
  const child = fork(worker, { execArgv: execArgv(job, options.profileDir), env: childEnvironment() });
  const answer = new Promise<Answer>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
      reject(new Error(`${label} took longer than ${options.timeoutMs / 1000} s and was ended.`));
    }, options.timeoutMs);
    child.once('message', (message: Answer) => {
      clearTimeout(timer);
      if (message.kind === 'failed') reject(new Error(`${label}: ${message.error}`));
      else resolve(message);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`${label} ended without an answer (${signal ?? `code ${code}`}).`));
    });
  });
  child.send(job);
  return { process: child, pid: child.pid ?? 0, answer };
}

export function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

function execArgv(job: Job, profileDir: string | null): string[] {
  const flags = ['--enable-source-maps', '--expose-gc'];
  if (profileDir === null || job.task === 'prepare') return flags;
  const name = `${job.scenario}-${job.name}-${job.env.repetition + 1}.cpuprofile`;
  return [...flags, '--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${name}`];
}

/** As in production: kafkajs and Nest behave otherwise under NODE_ENV=test. */
function childEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: 'production', KAFKAJS_NO_PARTITIONER_WARNING: '1' };
}
