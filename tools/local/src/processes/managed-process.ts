import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError } from '../errors.js';
import { removePidFile, writePidFile } from './pid-file.js';
import { endProcess } from './process-table.js';
import { mayStart, register, type StopRank, unregister } from './running.js';
import { unwatch, watch } from './watchdog.js';

export interface ProcessOptions {
  /** For messages. */
  readonly name: string;
  readonly rank: StopRank;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing else is inherited. Default: this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Run as this user; only root may. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Takes both outputs, appended. */
  readonly logFile: string;
  readonly pidFile: string;
  /** Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** After this SIGKILL. Default 20,000 ms. */
  readonly stopGraceMs?: number;
}

export interface ManagedProcess {
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason: the exit code, or the signal's name. */
  readonly exited: Promise<string>;
  /** Resolves when the process is gone; safe to call again. */
  stop(): Promise<void>;
}

/**
 * Starts a process in a group of its own (the terminal's Ctrl-C does not reach it), which ends when this one does,
 * however that dies, and which an orderly next start can find by its pid file.
 */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  mayStart(options.name);
  const child = spawnLogged(options);
  const exited = exitOf(child);
  if (child.pid === undefined) throw failure(options, await exited);
  const pid = child.pid;
  child.unref();
  const signal = options.stopSignal ?? 'SIGTERM';
  watch(pid, signal);
  const managed: ManagedProcess & { rank: StopRank } = {
    pid,
    rank: options.rank,
    exited,
    stop: async () => {
      if (!ended) await endProcess(pid, signal, options.stopGraceMs ?? 20_000);
      await removePidFile(options.pidFile);
    },
  };
  let ended = false;
  register(managed);
  void exited.then(() => {
    ended = true;
    unwatch(pid);
    unregister(managed);
  });
  await writePidFile(options.pidFile, pid);
  return managed;
}

/**
 * Polls `ready` until it answers true.
 * @throws LocalError PART_FAILED with the end of the log when the process ends first or the time is over.
 */
export async function waitUntilReady(
  started: ManagedProcess,
  options: Pick<ProcessOptions, 'name' | 'logFile'> & { readonly timeoutMs: number; readonly ready: () => Promise<boolean> },
): Promise<void> {
  let end: string | undefined;
  void started.exited.then((how) => (end = how));
  const deadline = Date.now() + options.timeoutMs;
  while (!(await options.ready())) {
    if (end !== undefined) throw await withLogTail(options, `ended while starting (${end})`);
    if (Date.now() > deadline) throw await withLogTail(options, `was not ready after ${options.timeoutMs / 1000} s`);
    await sleep(50);
  }
}

/** The last lines of a log file; empty when there is none. */
export async function tailOf(file: string, lines = 20): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

async function withLogTail(options: { name: string; logFile: string }, what: string): Promise<LocalError> {
  return new LocalError('PART_FAILED', `${options.name} ${what}. The end of ${options.logFile}:\n${await tailOf(options.logFile)}`);
}

function failure(options: ProcessOptions, reason: string): LocalError {
  return new LocalError('PART_FAILED', `${options.name} could not be started: ${options.command}: ${reason}.`);
}

function spawnLogged(options: ProcessOptions): ChildProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  try {
    return spawn(options.command, options.args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...options.user,
    });
  } finally {
    closeSync(log);
  }
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
}
