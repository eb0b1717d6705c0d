import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { machineFacts, machineLine } from './harness/machine.js';
import { helpText, readOptions, type Options } from './harness/options.js';
import { say } from './harness/progress.js';
import { faults, fileStamp, printReport, scenarioReport, writeReport } from './harness/report.js';
import { runScenario, type ScenarioResult } from './harness/run-scenario.js';
import type { Scenario } from './harness/scenario.js';
import { startParts, type Parts } from './parts/start-parts.js';
import { scenarios } from './scenarios/all.js';

const folder = join('.local', 'bench');
/** What an interrupted run must still do. */
let stopParts: () => Promise<void> = () => Promise.resolve();

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), scenarios.map(({ name }) => name));
  if (options.help) console.log(helpText);
  else if (options.list) list();
  else return bench(options);
  return 0;
}

function list(): void {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  for (const { name, about, onlyByName } of scenarios) {
    console.log(`${name.padEnd(width)}  ${about}${onlyByName === true ? ' (only when named)' : ''}`);
  }
}

/** Returns the exit code. */
async function bench(options: Options): Promise<number> {
  const chosen = scenarios.filter(({ name, onlyByName }) => (options.only.length === 0 ? onlyByName !== true : options.only.includes(name)));
  const startedAt = new Date().toISOString();
  mkdirSync(folder, { recursive: true });
  const before = machineFacts();
  say(machineLine(before));
  const parts = await startParts(new Set(chosen.flatMap(({ needs }) => needs)), say);
  stopParts = () => parts.stop();
  try {
    const results = await measure(chosen, options, { parts, startedAt });
    const report = {
      startedAt,
      quick: options.quick,
      repetitions: repetitionsOf(options),
      before,
      after: machineFacts(),
      parts: parts.processes,
      scenarios: results.map(scenarioReport),
    };
    printReport(report);
    if (options.quick) console.log('Quick sizes: the figures say that everything works, not how fast it is.');
    console.log(`Written: ${writeReport(report, folder)}`);
    return faults(report).length === 0 ? 0 : 1;
  } finally {
    await parts.stop();
  }
}

async function measure(chosen: readonly Scenario[], options: Options, at: { parts: Parts; startedAt: string }): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  const profileDir = options.profile ? join(folder, `${fileStamp(at.startedAt)}-profiles`) : null;
  for (const scenario of chosen) {
    say(`${scenario.name}: ${scenario.about}`);
    const env = { ...at.parts.addresses, quick: options.quick, repetition: 0, prepared: {} };
    const repetitions = Math.min(repetitionsOf(options), scenario.repetitions ?? Infinity);
    results.push(await runScenario(scenario, { env, repetitions, profileDir }));
  }
  return results;
}

function repetitionsOf(options: Options): number {
  return options.repetitions ?? (options.quick ? 1 : 3);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stopParts().then(() => process.exit(130)));

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
