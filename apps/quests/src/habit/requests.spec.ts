import { describe, expect, it } from '@jest/globals';
import { completionBody, habitChangeBody, newHabitBody } from './requests.js';

const least = { user_id: 1, name: 'Run', frequency: 'daily' };
const faultsOf = (answer: { error?: { issues: { path: PropertyKey[] }[] } | undefined }): string[] => [...new Set(answer.error?.issues.map(({ path }) => path.join('.')))];

describe('the body of a new habit', () => {
  it('H-2: what is left out gets its default', () => {
    expect(newHabitBody.parse(least)).toEqual({ ...least, target_count: 1, experience_reward: 10 });
  });

  it.each([{ name: 'x' }, { name: 'x'.repeat(100) }, { target_count: 0 }, { target_count: 1000 }, { experience_reward: 0 }, { experience_reward: 10_000 }])('H-2: takes %j', (over) => {
    expect(faultsOf(newHabitBody.safeParse({ ...least, ...over }))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['name', { name: '' }], ['name', { name: ' \n' }], ['name', { name: 'x'.repeat(101) }],
    ['target_count', { target_count: -1 }], ['target_count', { target_count: 1001 }], ['target_count', { target_count: 1.5 }],
    ['experience_reward', { experience_reward: -1 }], ['experience_reward', { experience_reward: 10_001 }],
    ['frequency', { frequency: 'hourly' }], ['user_id', { user_id: 2 ** 53 }], ['', { colour: 'red' }],
  ])('H-1, H-2: refuses a wrong %s', (field, over) => {
    expect(faultsOf(newHabitBody.safeParse({ ...least, ...over }))).toEqual([field]);
  });
});

describe('the body of a completion', () => {
  it.each([[{}], [{ count: 1 }], [{ count: 1000 }], [{ completion_date: '2028-02-29', notes: '' }]])('H-2: takes %j', (body) => {
    expect(faultsOf(completionBody.safeParse(body))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['count', { count: 0 }], ['count', { count: 1001 }], ['completion_date', { completion_date: '2026-02-29' }], ['notes', { notes: 'x'.repeat(2001) }],
  ])('H-2: refuses a wrong %s', (field, body) => {
    expect(faultsOf(completionBody.safeParse(body))).toEqual([field]);
  });
});

describe('the body of a change', () => {
  it('R-26: takes any part, but not none, and no other owner', () => {
    expect(habitChangeBody.parse({ frequency: 'weekly' })).toEqual({ frequency: 'weekly' });
    expect(faultsOf(habitChangeBody.safeParse({}))).toEqual(['']);
    expect(faultsOf(habitChangeBody.safeParse({ user_id: 2 }))).toEqual(['']);
  });
});
