import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../paths.js';

let watchdog: ChildProcess | undefined;

/** From now on the process is stopped with `signal` if this one dies without having stopped it. */
export function watch(pid: number, signal: NodeJS.Signals): void {
  tell(`+ ${pid} ${signal}\n`);
}

export function unwatch(pid: number): void {
  tell(`- ${pid}\n`);
}

/** Nothing is watched any more; resolves when the watchdog has ended too. */
export async function closeWatchdog(): Promise<void> {
  const closing = watchdog;
  if (closing === undefined) return;
  watchdog = undefined;
  closing.ref();
  await new Promise<void>((resolve) => {
    closing.once('exit', () => resolve());
    closing.stdin?.end();
  });
}

function tell(line: string): void {
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(line);
}

function startWatchdog(): ChildProcess {
  const child = spawn(process.execPath, [join(packageRoot, 'watchdog.mjs')], {
    detached: true,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  // The pipe alone must not keep a test run or the launcher alive.
  if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  child.stdin?.on('error', () => (watchdog = undefined));
  child.once('exit', () => (watchdog = undefined));
  return child;
}
