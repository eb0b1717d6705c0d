import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FuzzJob, FuzzReport } from './fuzz-run.js';

const worker = join(fileURLToPath(new URL('../../', import.meta.url)), 'dist/fuzz/fuzz-worker.js');

/** Runs the fuzz in its own process. @throws Error with its last words when it crashed. */
export function startFuzz(job: FuzzJob): Promise<FuzzReport> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = fork(worker, { execArgv: ['--enable-source-maps', '--expose-gc'], env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => (errors = (errors + String(text)).slice(-4_000)));
  return new Promise((resolve, reject) => {
    child.once('message', (report: FuzzReport) => resolve(report));
    child.once('exit', (code, signal) => reject(new Error(`The fuzz with seed ${job.seed} ended without a report (${signal ?? code}). ${errors}`)));
    child.send(job);
  });
}
