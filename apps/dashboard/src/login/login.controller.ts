import { Body, Controller, HttpCode, Inject, Ip, Post } from '@nestjs/common';
import type { Database } from '@lifeos/postgres';
import { AlsoAnswers, DATABASE, Public, valid } from '@lifeos/service';
import { credentials, type Credentials } from '../user/requests.js';
import { findLogin } from '../user/user-store.js';
import { LoginGuard } from './login-guard.js';
import { TokenIssuer } from './token-issuer.js';

/** a password for an access token. */
@Controller('dashboard/login')
export class LoginController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly guard: LoginGuard,
    private readonly tokens: TokenIssuer,
  ) {}

  @Post()
  @HttpCode(200)
  @Public()
  @AlsoAnswers(401, 429)
  async login(@Body(valid(credentials)) body: Credentials, @Ip() address: string) {
    const [by, name] = body.email === undefined ? (['username', body.username ?? ''] as const) : (['email', body.email] as const);
    const attempt = { account: `${by}:${name.toLowerCase()}`, address };
    return this.tokens.issue(await this.guard.check(attempt, body.password, () => findLogin(this.database, by, name)));
  }
}
