import { z } from 'zod';

export const tiers = ['free', 'premium', 'pro', 'enterprise'] as const;
export type Tier = (typeof tiers)[number];

/** The service's own environment. */
export const questsEnvironment = z.object({
  QUESTS_TIER: z.enum(tiers, { error: `is none of ${tiers.join(', ')}` }).default('premium').meta({ description: 'Tier of everyone here; free allows three active quests.', example: 'premium' }),
});

/** How many quests may be active at once. */
export const activeQuestsAllowed = (tier: Tier): number => (tier === 'free' ? 3 : Number.POSITIVE_INFINITY);
