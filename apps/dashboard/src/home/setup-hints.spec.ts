import { describe, expect, it } from '@jest/globals';
import { setupHints } from './setup-hints.js';

describe('D-7: setup hints', () => {
  it('are for new users only', () => {
    expect(setupHints({ experience: 0, activeQuests: 0 })).toHaveLength(3);
    expect(setupHints({ experience: 0, activeQuests: 1 })).toEqual([]);
    expect(setupHints({ experience: 10, activeQuests: 0 })).toEqual([]);
  });
});
