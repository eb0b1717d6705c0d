import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { services } from '@lifeos/cli';
import { checkout, isAlive } from '@lifeos/local';
import { readRunFile, type RunFile } from './run-file.js';
import { flowsOfData } from './testing/flows-of-data.js';
import { flowsOfQuests } from './testing/flows-of-quests.js';
import { World } from './testing/world.js';

// A flow waits for several things, each of which may take long on a busy machine.
jest.setTimeout(600_000);

interface Launched {
  readonly child: ChildProcess;
  readonly output: () => string;
}

let local: string;
let launched: Launched | undefined;
let run: RunFile;
let world: World | undefined;

function npmStart(...flags: string[]): Launched {
  // Syncs by hand alone: a flow says when a source is read.
  const own = { LIFEOS_LOCAL: local, KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '', INTEGRATIONS_TICK_MS: '3600000' };
  const child = spawn(process.execPath, [join(checkout, 'tools/start.mjs'), ...flags], { env: { ...process.env, ...own, CI: 'true', NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

async function untilUp({ child, output }: Launched): Promise<RunFile> {
  for (;;) {
    const file = await readRunFile(join(local, 'run.json'));
    if (file !== undefined) return file;
    if (child.exitCode !== null) throw new Error(output());
    await sleep(100);
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(100);
}

const pidsOf = ({ kafka, registry, postgres, services: running }: RunFile): number[] =>
  [kafka, registry, postgres, ...Object.values(running)].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));

beforeAll(async () => {
  local = await mkdtemp(join(tmpdir(), 'launch-'));
  await chmod(local, 0o755);
  launched = npmStart('--no-story');
  run = await untilUp(launched);
  world = await World.open(run, local);
}, 600_000);
afterAll(async () => {
  await world?.close();
  if (launched !== undefined && launched.child.exitCode === null && launched.child.signalCode === null) {
    launched.child.kill('SIGKILL');
    await once(launched.child, 'exit');
  }
  await rm(local, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
}, 120_000);

// In this order: one system is started once, serves all flows, is killed, and comes back with its data.
describe('npm start', () => {
  it('starts everything, says where, and refuses a second start', async () => {
    expect(Object.keys(run.services).sort()).toEqual([...services].sort());
    expect(Object.keys(run.postgres.databases).sort()).toEqual([...services].sort());
    expect(run.kafka.brokers).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    for (const { url } of Object.values(run.services)) expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${run.registry.url}/subjects`)).status).toBe(200);
    expect(pidsOf(run).every(isAlive)).toBe(true);

    const second = npmStart('--no-story');
    expect(await once(second.child, 'close')).toEqual([1, null]);
    expect(second.output()).toContain('already up');
  });
});

describe('the flows, over all services as processes', () => {
  const here = (): World => {
    if (world === undefined) throw new Error('Nothing was started.');
    return world;
  };
  flowsOfQuests(here);
  flowsOfData(here);
});

describe('npm start, killed and started again', () => {
  it('leaves nothing behind when it is killed', async () => {
    await world?.close();
    launched?.child.kill('SIGKILL');
    await until(() => !pidsOf(run).some(isAlive));
  });

  it('starts again on the same data, tells two weeks of a new person, and stops when it is told to', async () => {
    launched = npmStart();
    const { child, output } = launched;
    await until(() => output().includes('Ctrl-C stops everything.') || child.exitCode !== null);
    expect(output()).toMatch(/Topics +0 new/);
    expect(output()).toMatch(/Schemas +0 new/);
    expect(output()).toContain('What the services show');
    expect(output().split('\n').filter((line) => /[✗✘]/.test(line))).toEqual([]);
    run = await untilUp(launched);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(pidsOf(run).filter(isAlive)).toEqual([]);
    expect(await readRunFile(join(local, 'run.json'))).toBeUndefined();
  });
});
