import type { Answer, Job, ToRole } from './harness/messages.js';
import { startedRoles } from './harness/role-process.js';
import type { Contestant, Prepared, RoleDesk, Scenario } from './harness/scenario.js';
import { scenarios } from './scenarios/all.js';

process.once('message', (job: Job) => {
  doJob(job).then(
    () => process.exit(0),
    (error: unknown) => say({ kind: 'failed', error: errorText(error) }).then(() => process.exit(1)),
  );
});
// By way of exit, so that whatever a run has started is ended with it.
process.once('disconnect', () => process.exit(1));
process.once('SIGTERM', () => process.exit(1));

async function doJob(job: Job): Promise<void> {
  const scenario = scenarios.find(({ name }) => name === job.scenario);
  if (scenario === undefined) throw new Error(`No scenario ${job.scenario}.`);
  if (job.task === 'prepare') await say({ kind: 'prepared', prepared: await prepare(scenario, job) });
  else if (job.task === 'run') await say(await outcomeOf(scenario, job));
  else await playRole(scenario, job);
}

async function prepare(scenario: Scenario, job: Job): Promise<Prepared> {
  const whose = job.name === '' ? scenario : contestantOf(scenario, job.name);
  return (await whose.prepare?.(job.env)) ?? {};
}

async function outcomeOf(scenario: Scenario, job: Job): Promise<Answer> {
  const outcome = await contestantOf(scenario, job.name).run(job.env);
  return { kind: 'outcome', outcome, helpers: startedRoles };
}

function contestantOf({ name: scenario, contestants }: Scenario, wanted: string): Contestant {
  const contestant = contestants.find(({ name }) => name === wanted);
  if (contestant === undefined) throw new Error(`Scenario ${scenario} has no contestant ${wanted}.`);
  return contestant;
}

async function playRole(scenario: Scenario, job: Job): Promise<void> {
  const role = scenario.roles?.[job.name];
  if (role === undefined) throw new Error(`Scenario ${scenario.name} has no role ${job.name}.`);
  await role(job.env, desk());
}

function desk(): RoleDesk {
  return {
    tell: (message) => void say({ kind: 'told', message }),
    onTold: (listener) => onRun((message) => message.kind === 'tell' && listener(message.message)),
    ready: () => say({ kind: 'ready' }),
    ended: new Promise((resolve) => onRun((message) => message.kind === 'end' && resolve())),
  };
}

function onRun(listener: (message: ToRole) => unknown): void {
  process.on('message', listener);
}

function say(answer: Answer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(answer, undefined, {}, (error) => (error === null ? resolve() : reject(error)));
  });
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\n  caused by ${errorText(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
