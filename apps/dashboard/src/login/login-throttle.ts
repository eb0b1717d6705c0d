/** D-1: the eleventh attempt within the window is refused unchecked. */
export const throttleWindowMs = 15 * 60_000;
export const failuresAllowed = 10;

/** Too many failed logins of an account or from an address. */
export class LoginThrottled extends Error {
  readonly code = 'login_throttled';
  readonly kind = 'throttled';
  readonly retryable = false;

  constructor() {
    super('Too many failed logins; try again in 15 minutes.');
    this.name = 'LoginThrottled';
  }
}

/** The same answer whether the name is unknown or the password wrong. */
export class WrongCredentials extends Error {
  readonly code = 'wrong_credentials';
  readonly kind = 'unauthenticated';
  readonly retryable = false;

  constructor() {
    super('User name, e-mail address or password is wrong.');
    this.name = 'WrongCredentials';
  }
}

/** Failures, or attempts still being checked, within the window before this attempt. */
export interface RecentFailures {
  readonly ofAccount: number;
  readonly fromAddress: number;
}

/** @throws LoginThrottled */
export function requireUnthrottled({ ofAccount, fromAddress }: RecentFailures): void {
  if (Math.max(ofAccount, fromAddress) >= failuresAllowed) throw new LoginThrottled();
}
