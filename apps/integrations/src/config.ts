import { flag, type ServiceConfig, wholeNumber } from '@lifeos/service';
import { z } from 'zod';
import { parseKeys } from './integration/credential-vault.js';

export const tiers = ['free', 'premium', 'pro', 'enterprise'] as const;

const exampleKey = `2026-11:${Buffer.alloc(32, 7).toString('base64')}`;

/** Variables of integrations alone. */
export const integrationsEnvironment = z.object({
  HTTP_REQUEST_TIMEOUT_MS: wholeNumber(100, 3_600_000, 900_000, 'Longest time to receive a request; a file of 200 MB over a slow line is one.'),
  INTEGRATIONS_TIER: z.enum(tiers, { error: `is none of ${tiers.join(', ')}` }).default('premium').meta({ description: 'Tier of everyone here; free has no integrations.', example: 'premium' }),
  INTEGRATIONS_CREDENTIALS_KEYS: z
    .string()
    .transform((text, context) => {
      const { keys, faults } = parseKeys(text);
      for (const message of faults) context.addIssue({ code: 'custom', message });
      return keys;
    })
    .meta({ description: 'Keys that credentials are sealed with, id:base64 of 32 bytes, comma separated. The first one seals, the others still open.', example: exampleKey }),
  INTEGRATIONS_SOURCE_TIMEOUT_MS: wholeNumber(100, 600_000, 30_000, 'Longest time that a source may take for one fetch.'),
  INTEGRATIONS_TICK_MS: wholeNumber(100, 3_600_000, 5_000, 'Time between two looks at which syncs are due.'),
  FAKE_SOURCE: flag(false, 'Services without an adapter are served by a made-up source. For trials.'),
});

/** Variables that may come as NAME_FILE. */
export const integrationsSecrets = ['INTEGRATIONS_CREDENTIALS_KEYS'] as const;

export type IntegrationsConfig = ServiceConfig & z.infer<typeof integrationsEnvironment>;
