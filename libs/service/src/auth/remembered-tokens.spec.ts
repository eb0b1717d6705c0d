import { describe, expect, it } from '@jest/globals';
import { RememberedTokens } from './remembered-tokens.js';

const anna = { userId: 1, role: 'user' } as const;
const bert = { userId: 2, role: 'operator' } as const;

describe('D-9: tokens that were verified before', () => {
  it('knows each token to its own end', () => {
    let now = 1_000;
    const tokens = new RememberedTokens(10, () => now);
    tokens.remember('a', { principal: anna, acceptedUntil: 2_000 });
    tokens.remember('b', { principal: bert, acceptedUntil: 2_001 });
    expect([tokens.principalOf('a'), tokens.principalOf('b'), tokens.principalOf('c')]).toEqual([anna, bert, null]);
    now = 2_000;
    expect([tokens.principalOf('a'), tokens.principalOf('b')]).toEqual([null, bert]);
    now = 1_000;
    expect(tokens.principalOf('a')).toBeNull();
  });

  it('forgets the oldest beyond its limit', () => {
    const tokens = new RememberedTokens(2, () => 0);
    for (const token of ['a', 'b', 'c']) tokens.remember(token, { principal: anna, acceptedUntil: 1 });
    expect(['a', 'b', 'c'].map((token) => tokens.principalOf(token))).toEqual([null, anna, anna]);
  });
});
