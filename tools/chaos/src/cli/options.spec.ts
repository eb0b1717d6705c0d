import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

const known = ['after-send', 'broker-back'];
const read = (...argv: string[]) => readOptions(argv, known, () => 1_234_000);

describe('readOptions', () => {
  it('plays 50 seeds of everything by default, others at each run', () => {
    const { seeds, allSeeds, points, brokers } = read();
    expect([seeds.length, seeds[0], allSeeds, points, brokers]).toEqual([50, 1_234, false, [], 1]);
    expect(readOptions([], known, () => 5_000).seeds[0]).toBe(5);
  });

  it('takes points by name, a number of seeds, one seed, three brokers', () => {
    expect(read('--points=after-send,broker-back', '--seeds=3')).toMatchObject({ seeds: [1_234, 1_235, 1_236], allSeeds: true });
    expect(read('--seed', '77')).toMatchObject({ seeds: [77] });
    expect(read('--quick')).toMatchObject({ quick: true, seeds: [1_234, 1_235] });
    expect(read('--brokers', '3').brokers).toBe(3);
  });

  it('names what it does not know', () => {
    expect(() => read('--points=after-sand')).toThrow('No point after-sand; there are after-send, broker-back.');
    expect(() => read('--seeds=none')).toThrow('--seeds=none: a whole number from 1 up is wanted.');
    expect(() => read('--brokers=2')).toThrow('--brokers=2: 1 or 3 is wanted.');
    expect(() => read('--sedes=2')).toThrow();
  });
});
