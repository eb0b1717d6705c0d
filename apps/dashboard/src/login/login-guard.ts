import type { Database } from '@lifeos/postgres';
import { DATABASE, systemClock } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { passwordFits } from '../user/password.js';
import { attemptKeys, forgiveAccount, noteAttempt, recentFailures, type Attempt } from './login-attempts.js';
import { requireUnthrottled, WrongCredentials } from './login-throttle.js';

/**
 * D-1: every check of a password goes through here. By real time: a business clock that an operator
 * moves neither locks people out nor lets anybody guess on.
 */
@Injectable()
export class LoginGuard {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** `find` looks up whose password it should be, null for nobody. @throws LoginThrottled, WrongCredentials */
  async check<Login extends { readonly passwordHash: string }>(attempt: Attempt, password: string, find: () => Promise<Login | null>): Promise<Login> {
    const attemptId = await this.admit(attempt);
    const login = await find();
    if (!(await passwordFits(password, login?.passwordHash ?? null)) || !login) throw new WrongCredentials();
    await forgiveAccount(this.database, attemptId, attempt.account);
    return login;
  }

  /** Counts the attempt before the password is looked at, so that parallel guesses count too. */
  private admit(attempt: Attempt): Promise<string> {
    const now = systemClock.now();
    return this.database.transaction({ keys: attemptKeys(attempt) }, async (tx) => {
      requireUnthrottled(await recentFailures(tx, attempt, now));
      return noteAttempt(tx, attempt, now);
    });
  }
}
