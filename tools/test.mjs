/**
 * `npm test [-- <jest arguments>]`: starts the real parts that the chosen tests need, on free ports with empty
 * data, and runs Jest. Parts that the environment already names are used instead.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepare, root, stopWithNpm } from './prepare.mjs';

const jest = join(root, 'node_modules/jest/bin/jest.js');
const args = process.argv.slice(2);
const nodeOptions = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'].filter(Boolean).join(' ');

prepare();
stopWithNpm();
const scratch = mkdtempSync(join(tmpdir(), 'lifeos-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const { startTestParts } = await import('./local/dist/test-parts.js');

const endGraceMs = 20_000;

let interrupted;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);

let parts;
let running;
let status = 1;
try {
  parts = await startTestParts(chosenTests(), { log: (line) => console.log(line) });
  if (interrupted === undefined) status = await runJest(parts.env);
} catch (error) {
  console.error(error.message);
} finally {
  await parts?.stop();
}
console.log(summary());
process.exit(interrupted !== undefined ? 130 : status);

function chosenTests() {
  const listed = spawnSync(process.execPath, [jest, '--listTests', ...args], { cwd: root, encoding: 'utf8', env: environment({}) });
  return listed.stdout.split('\n').filter((line) => line.endsWith('.ts'));
}

function runJest(env) {
  running = spawn(process.execPath, [jest, '--json', `--outputFile=${join(scratch, 'results.json')}`, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: environment(env),
  });
  return Promise.race([new Promise((resolve) => running.once('exit', (code) => resolve(code ?? 1))), hang()]);
}

/** Jest has written its results and does not end: something was left open, which is a failure of its own. */
async function hang() {
  const results = join(scratch, 'results.json');
  while (!existsSync(results)) await sleep(1_000, undefined, { ref: false });
  await sleep(endGraceMs, undefined, { ref: false });
  console.error(`Jest did not end within ${endGraceMs / 1_000} s after the last test: some test leaves a timer, a connection or a process behind. Find it by --detectOpenHandles.`);
  running.kill('SIGKILL');
  return 1;
}

function environment(env) {
  return { ...process.env, ...env, NODE_OPTIONS: nodeOptions };
}

function interrupt() {
  // npm passes on what the terminal has sent to all: the second one within a moment is the same.
  if (interrupted !== undefined && Date.now() - interrupted > 300) process.exit(130);
  interrupted ??= Date.now();
  running?.kill('SIGTERM');
}

function summary() {
  const file = join(scratch, 'results.json');
  if (!existsSync(file)) return '0 passed, 0 failed';
  const results = JSON.parse(readFileSync(file, 'utf8'));
  const skipped = results.numPendingTests + results.numTodoTests;
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  return `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
