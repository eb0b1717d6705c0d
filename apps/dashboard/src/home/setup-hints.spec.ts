import { describe, expect, it } from '@jest/globals';
import { setupHints } from './setup-hints.js';

describe('D-7: setup hints', () => {
  it('are for new users only', () => {
    const nothing = { experience: 0, activeQuests: 0, habits: 0, entries: 0 };
    expect(setupHints(nothing)).toHaveLength(3);
    for (const begun of Object.keys(nothing)) expect(setupHints({ ...nothing, [begun]: 1 })).toEqual([]);
  });
});
