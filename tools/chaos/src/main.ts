import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout, killAll, stopAll } from '@lifeos/local';
import pc from 'picocolors';
import { allTrials } from './cli/all-trials.js';
import { helpText, type Options, readOptions } from './cli/options.js';
import { play, type Plan } from './cli/play.js';
import { hasPassed, type Run, rowsOf, tableLines } from './cli/report.js';
import { allPoints } from './points/all-points.js';

const names = [...allPoints, ...allTrials].map(({ name }) => name);
const startedAt = new Date();
const runs: Run[] = [];
/** Of each failed run; the JSON holds the rest. */
const linesTold = 10;
let isInterrupted = false;

await main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (isInterrupted) return;
    console.error(error instanceof Error ? error.message : error);
    killAll();
    process.exit(1);
  },
);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), names);
  if (options.help) return say(helpText);
  if (options.list) return say([...allPoints, ...allTrials].map(({ name, what }) => `${name.padEnd(22)} ${what}`).join('\n'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void interrupt(options));
  await play(planOf(options), progress, (run) => {
    if (isInterrupted) return;
    runs.push(run);
    if (!hasPassed(run)) complain(run);
  });
  return isInterrupted ? new Promise<never>(() => undefined) : finish(options);
}

/** What is known so far is told; services end with this process. */
async function interrupt(options: Options): Promise<void> {
  progress('interrupted: everything is stopped');
  isInterrupted = true;
  await finish(options);
  await stopAll();
  process.exit(130);
}

function planOf(options: Options): Plan {
  const isWanted = ({ name }: { name: string }): boolean => options.points.length === 0 || options.points.includes(name);
  const trials = allTrials.filter(isWanted);
  const missing = trials.filter(({ brokers = 1 }) => brokers > options.brokers);
  for (const { name } of missing) progress(`${name} is left out: it needs --brokers=3`);
  return { ...options, points: allPoints.filter(isWanted), trials: trials.filter((trial) => !missing.includes(trial)) };
}

async function finish(options: Options): Promise<number> {
  const rows = rowsOf(runs);
  for (const line of tableLines(rows)) console.log(line);
  const isGood = !isInterrupted && runs.length > 0 && runs.every(hasPassed);
  const folder = join(checkout, '.local/chaos');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${startedAt.toISOString().replaceAll(':', '-')}.json`);
  await writeFile(file, JSON.stringify({ startedAt, seconds: (Date.now() - startedAt.getTime()) / 1_000, options, passed: isGood, rows, runs }, null, 2));
  console.log(`${verdict(isGood)} ${file}`);
  return isGood ? 0 : 1;
}

function verdict(isGood: boolean): string {
  if (isGood) return pc.green('Nothing lost, nothing doubled, nothing out of order, nothing late.');
  if (isInterrupted && runs.every(hasPassed)) return pc.yellow(`CUT OFF after ${runs.length} runs, which passed; the rest was not played.`);
  return pc.red('FAILED');
}

function complain({ name, seed, verdict, troubles }: Run): void {
  for (const line of [...troubles, ...(verdict?.faults ?? [])].slice(0, linesTold)) console.log(pc.red(`${name}, seed ${seed}: ${line.slice(0, 2_000)}`));
}

/** Rounds that are cut off say nothing more: the table stands last. */
function progress(line: string): void {
  if (isInterrupted) return;
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 1_000);
  console.log(pc.dim(`${String(seconds).padStart(5)} s  ${line}`));
}

function say(text: string): number {
  console.log(text);
  return 0;
}
