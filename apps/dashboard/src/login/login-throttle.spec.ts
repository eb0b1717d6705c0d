import { describe, expect, it } from '@jest/globals';
import { LoginThrottled, requireUnthrottled } from './login-throttle.js';

describe('D-1: throttling of logins', () => {
  it('lets nine failures pass', () => {
    expect(() => requireUnthrottled({ ofAccount: 9, fromAddress: 9 })).not.toThrow();
  });

  it.each([
    [10, 0],
    [0, 10],
  ])('refuses after %i failures of the account and %i from the address', (ofAccount, fromAddress) => {
    expect(() => requireUnthrottled({ ofAccount, fromAddress })).toThrow(LoginThrottled);
  });
});
