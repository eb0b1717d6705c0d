import { setTimeout as sleep } from 'node:timers/promises';
import { size, type BenchEnv, type Outcome, type Scenario } from '../harness/scenario.js';
import { processUse, startAllServices } from '../parts/services.js';

/** Nobody asks anything of them; they wait for events. */
async function idleServices(env: BenchEnv): Promise<Outcome> {
  const services = await startAllServices(env);
  await sleep(size(env, 15_000, 5_000));
  const watchMs = size(env, 60_000, 10_000);
  const before = await Promise.all(services.all.map(processUse));
  await sleep(watchMs);
  const after = await Promise.all(services.all.map(processUse));
  await services.stop();
  const memory = after.map(({ memoryMb }) => memoryMb);
  const cpu = after.map(({ cpuSeconds }, index) => ((cpuSeconds - (before[index]?.cpuSeconds ?? 0)) * 100_000) / watchMs);
  const measured = [...memory, ...cpu].filter(Number.isFinite).length;
  return {
    figures: { memory: Math.max(...memory), cpu: Math.max(...cpu), allMemory: memory.reduce((sum, each) => sum + each, 0) },
    checks: [{ what: 'values that the services told', expected: 2 * services.all.length, actual: measured }],
  };
}

export const idle: Scenario = {
  name: 'idle',
  about: 'the real services with nothing to do, over a minute',
  needs: ['postgres', 'kafka', 'registry'],
  repetitions: 1,
  contestants: [{ name: 'services', run: idleServices }],
  rows: [
    { what: 'resident memory of the largest service', figure: 'services.memory', unit: 'MB', target: { of: 'value', atMost: 150 } },
    { what: 'resident memory of all services', figure: 'services.allMemory', unit: 'MB' },
    { what: 'processor time of the busiest service', figure: 'services.cpu', unit: '% of a core', target: { of: 'value', atMost: 2 } },
  ],
};
