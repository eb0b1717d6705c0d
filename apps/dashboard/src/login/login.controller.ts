import { Body, Controller, HttpCode, Inject, Ip, Post } from '@nestjs/common';
import type { Database } from '@lifeos/postgres';
import { CLOCK, CONFIG, DATABASE, Public, valid, type Clock, type TokenSigner } from '@lifeos/service';
import type { DashboardConfig } from '../config.js';
import { passwordFits } from '../user/password.js';
import { credentials, type Credentials } from '../user/requests.js';
import { findLogin } from '../user/user-store.js';
import { attemptKeys, forgiveAccount, noteAttempt, recentFailures, type Attempt } from './login-attempts.js';
import { requireUnthrottled, WrongCredentials } from './login-throttle.js';
import { TOKEN_SIGNER } from './token-signer.js';

/** a password for an access token. */
@Controller('dashboard/login')
export class LoginController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: DashboardConfig,
    @Inject(TOKEN_SIGNER) private readonly signer: TokenSigner,
  ) {}

  @Post()
  @HttpCode(200)
  @Public()
  async login(@Body(valid(credentials)) body: Credentials, @Ip() address: string) {
    const [by, name] = body.email === undefined ? (['username', body.username ?? ''] as const) : (['email', body.email] as const);
    const attempt = { account: `${by}:${name.toLowerCase()}`, address };
    const attemptId = await this.admit(attempt);
    const login = await findLogin(this.database, by, name);
    if (!(await passwordFits(body.password, login?.passwordHash ?? null)) || !login) throw new WrongCredentials();
    await forgiveAccount(this.database, attemptId, attempt.account);
    const { userId, role } = login;
    const expires_in = this.config.JWT_LIFETIME_SECONDS;
    const access_token = await this.signer.sign({ userId, role }, this.clock.now(), expires_in);
    return { access_token, token_type: 'Bearer', expires_in, user_id: userId };
  }

  /** D-1: counts the attempt before the password is looked at, so that parallel guesses count too. */
  private admit(attempt: Attempt): Promise<string> {
    const now = this.clock.now();
    return this.database.transaction({ keys: attemptKeys(attempt) }, async (tx) => {
      requireUnthrottled(await recentFailures(tx, attempt, now));
      return noteAttempt(tx, attempt, now);
    });
  }
}
