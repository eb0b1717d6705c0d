import { pointNamed } from './points/all-points.js';
import { openDashboard } from './service/dashboard-service.js';
import type { FromService, Job, ToService } from './service/job.js';
import { openQuests } from './service/quests-service.js';
import { noSeams, type Seams } from './service/seams.js';
import type { TestService } from './service/test-service.js';

/** A service process of a run. Its first message is its job; SIGTERM ends it in order, the end of whoever started it at once. */
let stop = async (): Promise<void> => undefined;
process.once('SIGTERM', () => {
  stop().then(() => process.exit(0), fail);
});
process.once('disconnect', () => process.exit(1));
process.once('message', (job: Job) => {
  run(job).catch(fail);
});

async function run(job: Job): Promise<void> {
  const service = open(job);
  stop = () => service.stop();
  process.on('message', (message: ToService) => {
    if (message.kind === 'quiet') service.quiet().then(() => say({ kind: 'quiet' }), fail);
  });
  await service.start();
  say({ kind: 'ready' });
}

function open(job: Job): TestService {
  const seams = seamsOf(job);
  if (job.role === 'dashboard') return openDashboard(job, seams);
  return openQuests(job, seams, (ids) => say({ kind: 'committed', ids }));
}

function seamsOf({ strike }: Job): Seams {
  if (strike === null) return noSeams;
  let left = strike.passing;
  const pass = (): void => {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
  return { ...noSeams, ...pointNamed(strike.point).seams(pass) };
}

function say(message: FromService): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  say({ kind: 'failed', error: String(error) });
  setTimeout(() => process.exit(1), 100);
}
