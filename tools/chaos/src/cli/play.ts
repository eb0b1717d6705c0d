import { playRound } from '../harness/round.js';
import { OwnParts } from '../parts/own-parts.js';
import type { KillPoint } from '../points/kill-point.js';
import type { Trial, TrialResult } from '../trial.js';
import { inLanes } from './in-lanes.js';
import type { Run } from './report.js';

export interface Plan {
  readonly points: readonly KillPoint[];
  readonly trials: readonly Trial[];
  readonly seeds: readonly number[];
  /** The caller chose the seeds: all of them for every fault, also for those that take long. */
  readonly allSeeds: boolean;
  readonly brokers: 1 | 3;
  readonly quick: boolean;
}

type Say = (line: string) => void;

/** Each waits for sessions to end and processes to start about half of its time, and has services, data and topics of its own. */
const roundsAtOnce = 3;

/** Rounds in which all kill points are played, then the trials, on parts of our own. `onRun` hears of each run. */
export async function play(plan: Plan, say: Say, onRun: (run: Run) => void): Promise<void> {
  say('starting broker, registry and database');
  const parts = await OwnParts.start(plan.brokers, say);
  try {
    if (plan.points.length > 0) await inLanes(roundsAtOnce, plan.seeds, (seed, index) => playPoints(plan, { parts, seed, onRun, say: (line) => say(`${index + 1} of ${plan.seeds.length}: ${line}`) }));
    for (const trial of plan.trials) {
      for (const seeds of groupsOf(seedsOf(trial, plan), trial.seedsAtOnce ?? 1)) {
        for (const run of await playTrial(trial, { parts, seeds, quick: plan.quick, say })) onRun(run);
      }
    }
  } finally {
    await parts.stop();
  }
}

export function seedsOf({ kind, seedsByDefault = Infinity }: Pick<Trial, 'kind' | 'seedsByDefault'>, { seeds, allSeeds }: Pick<Plan, 'seeds' | 'allSeeds'>): readonly number[] {
  if (kind === 'measure') return seeds.slice(0, 1);
  return allSeeds ? seeds : seeds.slice(0, seedsByDefault);
}

/** Neighbours that share an occurrence: the same ones whatever seed is the first. */
export function groupsOf(seeds: readonly number[], size: number): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (const seed of seeds) groups.set(Math.floor(seed / size), [...(groups.get(Math.floor(seed / size)) ?? []), seed]);
  return [...groups.values()];
}

interface RoundContext {
  readonly parts: OwnParts;
  readonly seed: number;
  readonly say: Say;
  readonly onRun: (run: Run) => void;
}

/** The history of a round belongs to all its points: what fails is found by playing them one by one. */
async function playPoints({ points }: Plan, { parts, seed, say, onRun }: RoundContext): Promise<void> {
  try {
    const report = await playRound({ addresses: parts.addresses, points, seed, say });
    say(`seed ${seed}: ${report.verdict.events} events, ${report.verdict.wireDuplicates} copies on the wire, ${report.everParked} parked for a while, ${report.seconds.toFixed(1)} s`);
    for (const { point, happened } of report.kills) onRun({ name: point, seed, happened, verdict: report.verdict, figures: [], troubles: report.troubles });
  } catch (error) {
    for (const { name } of points) onRun(failedRun(name, seed, error));
  }
}

async function playTrial(trial: Trial, context: { parts: OwnParts; seeds: readonly number[]; quick: boolean; say: Say }): Promise<Run[]> {
  const { seeds, say } = context;
  const name = `${trial.name}, seed${seeds.length === 1 ? '' : 's'} ${seeds.join(' ')}`;
  say(`${name}: ${trial.what}`);
  try {
    const results = await trial.run({ ...context, say: (line) => say(`${name}: ${line}`) });
    return seeds.map((seed, index) => runOf(trial.name, seed, results[index]));
  } catch (error) {
    return seeds.map((seed) => failedRun(trial.name, seed, error));
  }
}

const runOf = (name: string, seed: number, result: TrialResult | undefined): Run =>
  result === undefined ? failedRun(name, seed, 'It told nothing of this seed') : { name, seed, happened: true, ...result };

const failedRun = (name: string, seed: number, error: unknown): Run => ({
  name, seed, happened: false, verdict: null, figures: [], troubles: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
});
