import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from '@lifeos/local';
import { oneByOne, type OneSeed, type Trial, type TrialResult } from '../trial.js';

const spec = 'libs/event-log/src/relay/race.int.spec.ts';
const test = 'every committed event goes out exactly once';

/** The race of the event log's own tests, with its sizes raised. */
async function race({ parts, quick }: OneSeed): Promise<TrialResult> {
  const [writers, transactions] = quick ? [20, 50] : [50, 2_000];
  const startedAt = performance.now();
  const { code, output } = await runTest({
    LIFEOS_TEST_POSTGRES_URL: parts.addresses.postgresUrl,
    LIFEOS_RACE_WRITERS: String(writers),
    LIFEOS_RACE_TRANSACTIONS: String(transactions),
    LIFEOS_RACE_HOLD_MS: '200',
    LIFEOS_RACE_USERS: '200',
  });
  return {
    verdict: null,
    troubles: code === 0 ? [] : [output],
    figures: [
      { what: 'transactions', value: writers * transactions, unit: 'transactions', atMost: null },
      { what: 'whole race', value: (performance.now() - startedAt) / 1_000, unit: 's', atMost: null },
    ],
  };
}

function runTest(env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const jest = join(checkout, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, spec, '-t', test], { cwd: checkout, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output = (output + String(text)).slice(-8_000)));
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code: code ?? 1, output })));
}

export const outboxRace: Trial = { name: 'outbox-race', what: '50 writers x 2,000 transactions, holds to 200 ms, a tenth rolled back, 3 relays that fail', kind: 'measure', run: oneByOne(race) };
