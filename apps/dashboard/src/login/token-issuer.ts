import { CONFIG, systemClock, type Principal, type TokenSigner } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import type { DashboardConfig } from '../config.js';
import { TOKEN_SIGNER } from './token-signer.js';

/** D-9: access tokens as a login answers them. By real time, which is what every service checks them by. */
@Injectable()
export class TokenIssuer {
  constructor(
    @Inject(CONFIG) private readonly config: DashboardConfig,
    @Inject(TOKEN_SIGNER) private readonly signer: TokenSigner,
  ) {}

  async issue(principal: Principal) {
    const expires_in = this.config.JWT_LIFETIME_SECONDS;
    const access_token = await this.signer.sign(principal, systemClock.now(), expires_in);
    return { access_token, token_type: 'Bearer', expires_in, user_id: principal.userId };
  }
}
