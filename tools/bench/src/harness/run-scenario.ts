import { exited, startChild } from './child.js';
import type { Answer, Job, ProcessNote } from './messages.js';
import { say } from './progress.js';
import type { BenchEnv, Check, Prepared, Scenario } from './scenario.js';
import { amount, type Figures } from './table.js';

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly figures: Figures;
  readonly checks: readonly (Check & { readonly run: string })[];
  /** Runs that failed, with the reason. */
  readonly failures: readonly string[];
  readonly processes: readonly ProcessNote[];
}

export interface RunOptions {
  readonly env: BenchEnv;
  readonly repetitions: number;
  readonly profileDir: string | null;
}

/** Collects what the runs of one scenario say. */
class Collected {
  readonly figures = new Map<string, number[]>();
  readonly checks: (Check & { run: string })[] = [];
  readonly failures: string[] = [];
  readonly processes: ProcessNote[] = [];

  add(contestant: string, run: string, answer: Answer): void {
    if (answer.kind !== 'outcome') throw new Error(`${run} answered ${answer.kind} instead of an outcome.`);
    for (const [name, value] of Object.entries(answer.outcome.figures)) {
      const figure = `${contestant}.${name}`;
      this.figures.set(figure, [...(this.figures.get(figure) ?? []), value]);
    }
    this.checks.push(...answer.outcome.checks.map((check) => ({ ...check, run })));
    this.processes.push(...answer.helpers);
    const wrong = answer.outcome.checks.filter((check) => check.actual !== check.expected).length;
    const figures = Object.entries(answer.outcome.figures).map(([name, value]) => `${name} ${amount(value)}`);
    say(`  ${run}: ${figures.join(', ')}; ${answer.outcome.checks.length} checks, ${wrong} wrong`);
  }
}

/** Prepares a scenario, then runs its contestants in turn, repetition by repetition. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<ScenarioResult> {
  const collected = new Collected();
  try {
    const prepared = scenario.prepare === undefined ? {} : await prepare(scenario.name, '', options);
    for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
      await runRepetition(scenario, { ...options, env: { ...options.env, prepared, repetition } }, collected);
    }
  } catch (error) {
    fail(collected, error);
  }
  return { scenario, ...collected };
}

async function runRepetition(scenario: Scenario, options: RunOptions, collected: Collected): Promise<void> {
  for (const { name, prepare: ownPrepare } of scenario.contestants) {
    const run = `${scenario.name} ${name} #${options.env.repetition + 1}`;
    try {
      const own = ownPrepare === undefined ? {} : await prepare(scenario.name, name, options);
      const env = { ...options.env, prepared: { ...options.env.prepared, ...own } };
      const job: Job = { scenario: scenario.name, task: 'run', name, env };
      collected.add(name, run, await runJob(job, options, collected.processes));
    } catch (error) {
      fail(collected, error);
    }
  }
}

async function prepare(scenario: string, name: string, options: RunOptions): Promise<Prepared> {
  if (name === '') say(`  ${scenario}: preparing`);
  const answer = await runJob({ scenario, task: 'prepare', name, env: options.env }, options, []);
  return answer.kind === 'prepared' ? answer.prepared : {};
}

async function runJob(job: Job, options: RunOptions, processes: ProcessNote[]): Promise<Answer> {
  const timeoutMs = job.env.quick ? 300_000 : 1_200_000;
  const child = startChild(job, { timeoutMs, profileDir: options.profileDir });
  processes.push({ pid: child.pid, what: [job.scenario, job.name].join(' ') });
  try {
    return await child.answer;
  } finally {
    await exited(child.process);
  }
}

function fail(collected: Collected, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  collected.failures.push(reason);
  say(`  FAILED: ${reason}`);
}
