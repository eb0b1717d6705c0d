import { z } from 'zod';

export const tiers = ['free', 'premium', 'pro', 'enterprise'] as const;
export type Tier = (typeof tiers)[number];

/** The service's own environment. */
export const journalEnvironment = z.object({
  JOURNAL_TIER: z.enum(tiers, { error: `is none of ${tiers.join(', ')}` }).default('premium').meta({ description: 'Tier of everyone here; free allows ten entries a calendar month.', example: 'premium' }),
});

/** How many entries of one calendar month a person may have (J-2). */
export const entriesAllowedAMonth = (tier: Tier): number => (tier === 'free' ? 10 : Number.POSITIVE_INFINITY);
