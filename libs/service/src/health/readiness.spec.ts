import { describe, expect, it } from '@jest/globals';
import { Readiness, type Probe } from './readiness.js';

const up = (name: string, required = true): Probe => ({ name, required, check: () => Promise.resolve() });
const down = (name: string, required = true): Probe => ({ name, required, check: () => Promise.reject(new Error('away')) });

describe('R-24: readiness', () => {
  it('is ready when every part is up', async () => {
    expect(await new Readiness([up('database'), up('broker', false)]).report()).toEqual({ status: 'ready', parts: { database: 'up', broker: 'up' } });
  });

  it('is degraded while the broker or the registry is away', async () => {
    expect(await new Readiness([up('database'), down('broker', false)]).report()).toEqual({ status: 'degraded', parts: { database: 'up', broker: 'down' } });
  });

  it('is unready without its database', async () => {
    expect((await new Readiness([down('database'), down('broker', false)]).report()).status).toBe('unready');
  });

  it('is unready as soon as the service stops', async () => {
    const readiness = new Readiness([up('database')]);
    readiness.beginStop();
    expect((await readiness.report()).status).toBe('unready');
  });

  it('asks the parts at most once a second, however often it is asked', async () => {
    let now = 0;
    let asked = 0;
    const database: Probe = { name: 'database', required: true, check: async () => void (asked += 1) };
    const readiness = new Readiness([database], () => now);
    await readiness.report();
    await readiness.report();
    expect(asked).toBe(1);
    now = 1_000;
    await readiness.report();
    expect(asked).toBe(2);
  });
});
