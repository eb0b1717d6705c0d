import type { UserContext } from './user-context.js';

export const tiers = ['bronze', 'silver', 'gold', 'platinum'] as const;
export type Tier = (typeof tiers)[number];

export const categories = ['progression', 'skill_mastery', 'quest_completion', 'streak', 'milestone', 'social', 'exploration'] as const;
export type Category = (typeof categories)[number];

/** A number of the context that must be reached. */
export interface Requirement {
  readonly measure: keyof UserContext;
  readonly atLeast: number;
}

export interface AchievementDefinition {
  /** Published: never given to another achievement. */
  readonly achievement_id: number;
  readonly name: string;
  readonly description: string;
  readonly icon: string;
  readonly category: Category;
  readonly tier: Tier;
  /** XP before the factor of the tier. */
  readonly base_experience: number;
  /** At least one; all must hold. */
  readonly requirements: readonly Requirement[];
  /** Shown only once unlocked, or once the tier before it is. */
  readonly hidden: boolean;
  /** Unlocks each time that its requirements are met once more: every 10 quests, not only the first 10. */
  readonly repeatable: boolean;
  /** The tier before it in its line, null for the first. */
  readonly follows: number | null;
}

export interface TitleDefinition {
  /** Published: never given to another title. */
  readonly title_id: number;
  readonly name: string;
  readonly requirements: readonly Requirement[];
  /** As told to the person and in TitleUnlocked. */
  readonly unlock_conditions: Readonly<Record<string, number>>;
}

export interface BadgeDefinition {
  /** Published: never given to another badge. */
  readonly badge_id: number;
  readonly name: string;
  readonly category: 'habits' | 'wealth' | 'progression';
}

/** A badge that has rules of its own; others come with an achievement. */
export interface RuledBadge extends BadgeDefinition {
  readonly requirements: readonly Requirement[];
}

const factors: Readonly<Record<Tier, number>> = { bronze: 1, silver: 1.5, gold: 2, platinum: 3 };

/** XP booked for an unlock: base × factor, floored. */
export function rewardOf({ base_experience, tier }: Pick<AchievementDefinition, 'base_experience' | 'tier'>): number {
  return Math.floor(base_experience * factors[tier]);
}

const firstTierBadge = 1000;

/** The badge that comes with each gold or platinum unlock; null for the lower tiers. */
export function tierBadgeOf({ achievement_id, name, tier }: AchievementDefinition): BadgeDefinition | null {
  if (tier !== 'gold' && tier !== 'platinum') return null;
  return { badge_id: firstTierBadge + achievement_id, name: `${name} (${tier})`, category: 'progression' };
}

const bounds: Partial<Record<keyof UserContext, readonly [lowest: number, highest: number]>> = {
  level: [2, 100],
  highest_skill_level: [1, 100],
  quests_completed: [1, 10_000],
};

/** What is wrong with a definition; nothing for a good one. */
export function faultsOf({ name, description, icon, requirements }: AchievementDefinition): string[] {
  return [
    ...(name.trim() === '' || name.length > 200 ? ['its name has not 1 to 200 characters'] : []),
    ...(description.length > 2000 ? ['its description has more than 2000 characters'] : []),
    ...(icon.length > 50 ? ['its icon has more than 50 characters'] : []),
    ...(requirements.length === 0 ? ['it has no requirement'] : []),
    ...requirements.flatMap(({ measure, atLeast }) => {
      const [lowest, highest] = bounds[measure] ?? [1, Number.MAX_SAFE_INTEGER];
      return Number.isInteger(atLeast) && atLeast >= lowest && atLeast <= highest ? [] : [`it asks for ${measure} ${atLeast}, allowed are ${lowest} to ${highest}`];
    }),
  ];
}

/** @throws Error naming every fault of every definition, so that a wrong one stops the service at its start. */
export function checked(definitions: readonly AchievementDefinition[]): readonly AchievementDefinition[] {
  const faults = definitions.flatMap((definition) => faultsOf(definition).map((fault) => `achievement ${definition.achievement_id}: ${fault}`));
  if (faults.length > 0) throw new Error(faults.join('; '));
  return definitions;
}
