import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Slots } from './slots.js';

/** Work that ends when it is told to, and what began and ended so far. */
function scripted() {
  const told: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => async (): Promise<string> => {
    told.push(`${name} begins`);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    told.push(`${name} ends`);
    return name;
  };
  return { told, work, end: async (name: string) => (ends.get(name)?.(), turn()) };
}

describe('Slots', () => {
  it('lets as many run at once as there are, the others in their order', async () => {
    const { told, work, end } = scripted();
    const slots = new Slots(2);
    const all = ['a', 'b', 'c', 'd'].map((name) => slots.run(work(name)));
    await turn();
    expect(told).toEqual(['a begins', 'b begins']);
    for (const name of ['b', 'a', 'c', 'd']) await end(name);
    expect(told).toEqual(['a begins', 'b begins', 'b ends', 'c begins', 'a ends', 'd begins', 'c ends', 'd ends']);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets small ones run one after the other, beside large ones', async () => {
    const { told, work, end } = scripted();
    const slots = new Slots(3);
    const all = [slots.runSmall(work('small')), slots.run(work('large')), slots.run(work('huge'))];
    await turn();
    expect(told).toEqual(['small begins', 'large begins', 'huge begins']);
    await end('small');
    all.push(slots.runSmall(work('next')));
    await turn();
    expect(told).toContain('next begins');
    for (const name of ['large', 'huge', 'next']) await end(name);
    expect(await Promise.all(all)).toEqual(['small', 'large', 'huge', 'next']);
  });

  it('keeps no small one waiting for long behind one that does not end, nor those that come later', async () => {
    const { told, work, end } = scripted();
    const slots = new Slots(2);
    const stuck = slots.runSmall(work('stuck'));
    const second = slots.runSmall(work('second'));
    await turn();
    expect(told).toEqual(['stuck begins']);
    while (!told.includes('second begins')) await turn();
    await end('second');
    const third = slots.runSmall(work('third'));
    await turn();
    expect(told).toContain('third begins');
    for (const name of ['third', 'stuck']) await end(name);
    expect(await Promise.all([stuck, second, third])).toEqual(['stuck', 'second', 'third']);
  });

  it('goes on after small work that fails', async () => {
    const slots = new Slots(1);
    await expect(slots.runSmall(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await slots.runSmall(() => Promise.resolve('next'))).toBe('next');
  });
});
