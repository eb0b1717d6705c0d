/**
 * What every command of the root does first, with nothing but Node: checks Node's version, installs what
 * package-lock.json names when it is not what lies in node_modules, and compiles what changed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the process with a clear message when something is missing. */
export function prepare() {
  const problem = nodeProblem(process.versions.node);
  if (problem) fail(problem);
  if (!isInstalled()) install();
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

/** npm keeps in node_modules/.package-lock.json what it installed; optional packages of other platforms are left out there. */
function isInstalled() {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(installedFile);
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (!path.includes('node_modules/')) return true;
    return installed[path] === undefined ? optional === true : installed[path].version === version;
  });
}

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

function install() {
  console.log('Installing packages (npm ci) …');
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm?.endsWith('.js') ? [process.execPath, npm, 'ci'] : ['npm', 'ci'];
  const result = spawnSync(command, [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    // A production setting of the shell would leave out the compiler.
    env: { ...process.env, NODE_ENV: '', npm_config_omit: '' },
  });
  if (result.status !== 0) fail('npm ci failed: see above. Is the network reachable?');
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
