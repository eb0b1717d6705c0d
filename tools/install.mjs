/** Brings node_modules to what package-lock.json names: `npm ci`, once at a time, never under running services. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns what went wrong, ready to print; nothing when all is installed */
export function installWhenNeeded(root) {
  if (isInstalled(root)) return undefined;
  const lock = join(root, '.local/install.lock');
  mkdirSync(join(root, '.local'), { recursive: true });
  while (!take(lock)) {
    const holder = ownerOf(lock);
    if (holder === undefined) rmSync(lock, { force: true });
    else pause(500);
  }
  try {
    return isInstalled(root) ? undefined : install(root);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** npm keeps in node_modules/.package-lock.json what it installed; optional packages of other platforms are left out there. */
function isInstalled(root) {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(installedFile);
  return Object.entries(wanted).every(([path, { version, optional, link, resolved }]) => {
    if (!path.includes('node_modules/')) return true;
    // npm does not link a workspace whose folder is not there.
    if (link && !existsSync(join(root, resolved))) return true;
    return installed[path] === undefined ? optional === true : installed[path].version === version;
  });
}

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

function install(root) {
  const up = ownerOf(join(root, '.local/launcher.lock'));
  if (up !== undefined) return `Packages have changed, and Life OS of this checkout is up (process ${up}): stop it first, then try again.`;
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
  return result.status === 0 ? undefined : 'npm ci failed: see above. Is the network reachable?';
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that holds a lock, when it still runs. */
function ownerOf(lock) {
  try {
    const pid = Number.parseInt(readFileSync(lock, 'utf8'), 10);
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
