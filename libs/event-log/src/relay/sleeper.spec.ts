import { describe, expect, it } from '@jest/globals';
import { Backoff, Sleeper } from './sleeper.js';

describe('Sleeper', () => {
  it('does not lose a wake-up that comes before the sleep', async () => {
    const sleeper = new Sleeper();
    sleeper.wake();
    await sleeper.sleep(60_000);
    expect(sleeper.isWoken).toBe(true);
  });

  it('is woken in the midst of its sleep', async () => {
    const sleeper = new Sleeper();
    const asleep = sleeper.sleep(60_000);
    sleeper.wake();
    await asleep;
    expect(sleeper.isWoken).toBe(true);
  });

  it('sleeps again after it was armed', async () => {
    const sleeper = new Sleeper();
    sleeper.wake();
    sleeper.arm();
    await sleeper.sleep(1);
    expect(sleeper.isWoken).toBe(false);
  });
});

describe('Backoff', () => {
  it('doubles up to its limit, with half of it left to chance', () => {
    const most = new Backoff(100, 1_000, () => 1);
    const least = new Backoff(100, 1_000, () => 0);
    expect(Array.from({ length: 6 }, () => most.next())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(Array.from({ length: 6 }, () => least.next())).toEqual([50, 100, 200, 400, 500, 500]);
    most.reset();
    expect(most.next()).toBe(100);
  });
});
