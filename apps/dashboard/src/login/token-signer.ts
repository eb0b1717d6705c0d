import type { FactoryProvider } from '@nestjs/common';
import { CONFIG, createTokenSigner, type TokenSigner } from '@lifeos/service';
import type { DashboardConfig } from '../config.js';

export const TOKEN_SIGNER = Symbol('dashboard.TokenSigner');

/** D-9: dashboard alone signs tokens. A key that is none keeps the service from starting. */
export const tokenSigner: FactoryProvider<TokenSigner> = {
  provide: TOKEN_SIGNER,
  inject: [CONFIG],
  useFactory: (config: DashboardConfig) => createTokenSigner(config.JWT_PRIVATE_KEY, { issuer: config.JWT_ISSUER, audience: config.JWT_AUDIENCE }),
};
