import { playRound } from '../harness/round.js';
import { OwnParts } from '../parts/own-parts.js';
import type { KillPoint } from '../points/kill-point.js';
import type { Trial } from '../trial.js';
import type { Run } from './report.js';

export interface Plan {
  readonly points: readonly KillPoint[];
  readonly trials: readonly Trial[];
  readonly seeds: readonly number[];
  readonly brokers: 1 | 3;
  readonly quick: boolean;
}

type Say = (line: string) => void;

/** Rounds in which all kill points are played, then the trials, on parts of our own. `onRun` hears of each run. */
export async function play(plan: Plan, say: Say, onRun: (run: Run) => void): Promise<void> {
  say('starting broker, registry and database');
  const parts = await OwnParts.start(plan.brokers, say);
  try {
    if (plan.points.length > 0) for (const seed of plan.seeds) await playPoints(plan, { parts, seed, say, onRun });
    for (const trial of plan.trials) {
      for (const seed of trial.kind === 'fault' ? plan.seeds : plan.seeds.slice(0, 1)) onRun(await playTrial(trial, { parts, seed, quick: plan.quick, say }));
    }
  } finally {
    await parts.stop();
  }
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

async function playTrial(trial: Trial, context: { parts: OwnParts; seed: number; quick: boolean; say: Say }): Promise<Run> {
  const { seed, say } = context;
  say(`${trial.name}, seed ${seed}: ${trial.what}`);
  try {
    return { name: trial.name, seed, happened: true, ...(await trial.run({ ...context, say: (line) => say(`${trial.name}, seed ${seed}: ${line}`) })) };
  } catch (error) {
    return failedRun(trial.name, seed, error);
  }
}

const failedRun = (name: string, seed: number, error: unknown): Run => ({
  name, seed, happened: false, verdict: null, figures: [], troubles: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
});
