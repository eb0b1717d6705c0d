import { Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { Database } from '@lifeos/postgres';
import { Caller, DATABASE, Unauthenticated, type Principal } from '@lifeos/service';
import { findRole } from '../user/user-store.js';
import { TokenIssuer } from './token-issuer.js';

/** a new token for one that is still good, with what the person may do now. */
@Controller('dashboard/token')
export class TokenController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly tokens: TokenIssuer,
  ) {}

  @Post('refresh')
  @HttpCode(200)
  async refresh(@Caller() { userId }: Principal) {
    const role = await findRole(this.database, userId);
    // A token outlives its person by an hour at most.
    if (role === null) throw new Unauthenticated('The user of this token does not exist any more.');
    return this.tokens.issue({ userId, role });
  }
}
