import { ed25519Key, wholeNumber, type ServiceConfig } from '@lifeos/service';
import { z } from 'zod';

/** Variables of dashboard alone. The private key is nowhere else. */
export const dashboardEnvironment = z.object({
  PORT: wholeNumber(0, 65535, 3002, 'Port to listen on; 0 takes a free one.'),
  JWT_PRIVATE_KEY: ed25519Key('private', 'PEM (PKCS #8) of the Ed25519 key that access tokens are signed with.'),
  JWT_LIFETIME_SECONDS: wholeNumber(60, 86_400, 3_600, 'How long an access token is good for.'),
});

export const dashboardSecrets = ['JWT_PRIVATE_KEY'] as const;

export type DashboardConfig = ServiceConfig & z.infer<typeof dashboardEnvironment>;
