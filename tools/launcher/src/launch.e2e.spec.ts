import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { services } from '@lifeos/cli';
import { checkout, isAlive } from '@lifeos/local';
import { readRunFile, type RunFile } from './run-file.js';

interface Launched {
  readonly child: ChildProcess;
  readonly output: () => string;
}

let local: string;
let launched: Launched | undefined;

function npmStart(...flags: string[]): Launched {
  const env = { ...process.env, LIFEOS_LOCAL: local, KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '', CI: 'true', NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [join(checkout, 'tools/start.mjs'), '--no-story', ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

async function untilUp({ child, output }: Launched): Promise<RunFile> {
  for (;;) {
    const run = await readRunFile(join(local, 'run.json'));
    if (run !== undefined) return run;
    if (child.exitCode !== null) throw new Error(output());
    await sleep(100);
  }
}

const pidsOf = ({ kafka, registry, postgres, services: running }: RunFile): number[] =>
  [kafka, registry, postgres, ...Object.values(running)].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));

beforeAll(async () => {
  local = await mkdtemp(join(tmpdir(), 'launch-'));
  await chmod(local, 0o755);
});
afterEach(async () => {
  if (launched === undefined || launched.child.exitCode !== null) return;
  launched.child.kill('SIGKILL');
  await once(launched.child, 'exit');
});
afterAll(() => rm(local, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 }));

describe('npm start', () => {
  it('starts everything, says where, refuses a second start, and leaves nothing behind', async () => {
    launched = npmStart();
    const run = await untilUp(launched);
    expect(Object.keys(run.services).sort()).toEqual([...services].sort());
    expect(Object.keys(run.postgres.databases).sort()).toEqual([...services].sort());
    expect(run.kafka.brokers).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    for (const { url } of Object.values(run.services)) expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${run.registry.url}/subjects`)).status).toBe(200);
    expect(pidsOf(run).every(isAlive)).toBe(true);

    const second = npmStart();
    expect(await once(second.child, 'close')).toEqual([1, null]);
    expect(second.output()).toContain('already up');

    launched.child.kill('SIGTERM');
    expect(await once(launched.child, 'exit')).toEqual([0, null]);
    expect(pidsOf(run).filter(isAlive)).toEqual([]);
    expect(await readRunFile(join(local, 'run.json'))).toBeUndefined();
  }, 600_000);

  it('ends everything also when it is killed itself, and starts again on the same data', async () => {
    launched = npmStart();
    const run = await untilUp(launched);
    launched.child.kill('SIGKILL');
    await once(launched.child, 'exit');
    while (pidsOf(run).some(isAlive)) await sleep(100);

    launched = npmStart('--once');
    expect(await once(launched.child, 'close')).toEqual([0, null]);
    expect(launched.output()).toMatch(/Topics +0 new/);
    expect(launched.output()).toMatch(/Schemas +0 new/);
  }, 600_000);
});
