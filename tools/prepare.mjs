/**
 * What every command of the root does first, with nothing but Node: checks Node's version, installs what
 * package-lock.json names when it is not what lies in node_modules, and compiles what changed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installWhenNeeded } from './install.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the process with a clear message when something is missing. */
export function prepare() {
  const problem = nodeProblem(process.versions.node);
  if (problem) fail(problem);
  const missing = installWhenNeeded(root);
  if (missing) fail(missing);
  build();
}

/**
 * Under npm: when npm itself is killed, this process is told to stop as well. (The scripts begin with `exec`, so that
 * no shell stands between the two: it would die of npm's SIGTERM and pass nothing on.)
 */
export function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  look.unref();
}

/** The same versions as `engines` in package.json. */
export function nodeProblem(version) {
  const [major, minor] = version.split('.').map(Number);
  const isKnown = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return isKnown ? undefined : `Life OS needs Node 20.19 or newer in line 20, or 22.12 or newer; this is ${version}.`;
}

function build() {
  if (!existsSync(join(root, 'tools/launcher/dist/main.js'))) console.log('Compiling …');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const result = spawnSync(process.execPath, [tsc, '-b'], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) fail('The TypeScript sources do not compile: see above.');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
