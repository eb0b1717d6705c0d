import type { Queryable } from '@lifeos/postgres';
import { type BadgeDefinition, rewardOf, type TitleDefinition } from './definitions.js';
import type { Unlock } from './rule-engine.js';
import type { UserContext } from './user-context.js';

interface To {
  readonly userId: number;
  readonly at: Date;
}

/** What one batch of events has given away. */
export interface Gifts {
  readonly achievements: (To & Unlock & { readonly context: UserContext })[];
  readonly titles: (To & { readonly title: TitleDefinition })[];
  readonly badges: (To & { readonly badge: BadgeDefinition })[];
}

/** Stores what was given. Fails when something was held already: the rules must not give it twice. */
export async function saveGifts(tx: Queryable, { achievements, titles, badges }: Gifts): Promise<void> {
  if (achievements.length > 0) {
    await tx.query(
      `INSERT INTO unlocked_achievements (user_id, achievement_id, unlock_number, experience_reward, unlocked_at, context)
       SELECT * FROM unnest($1::bigint[], $2::int[], $3::int[], $4::bigint[], $5::timestamptz[], $6::jsonb[])`,
      [
        ...who(achievements, ({ achievement }) => achievement.achievement_id),
        achievements.map(({ time }) => time),
        achievements.map(({ achievement }) => rewardOf(achievement)),
        achievements.map(({ at }) => at),
        achievements.map((gift) => JSON.stringify(metBy(gift))),
      ],
    );
  }
  if (titles.length > 0) {
    await tx.query(
      `INSERT INTO unlocked_titles (user_id, title_id, unlocked_at)
       SELECT * FROM unnest($1::bigint[], $2::int[], $3::timestamptz[])`,
      [...who(titles, ({ title }) => title.title_id), titles.map(({ at }) => at)],
    );
  }
  if (badges.length > 0) {
    await tx.query(
      `INSERT INTO earned_badges (user_id, badge_id, badge_name, badge_category, earned_at)
       SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::timestamptz[])`,
      [
        ...who(badges, ({ badge }) => badge.badge_id),
        badges.map(({ badge }) => badge.name),
        badges.map(({ badge }) => badge.category),
        badges.map(({ at }) => at),
      ],
    );
  }
}

function who<G extends To>(gifts: readonly G[], idOf: (gift: G) => number): [number[], number[]] {
  return [gifts.map(({ userId }) => userId), gifts.map(idOf)];
}

/** What met the requirements; other measures are left out, since they depend on what other topics had told by then. */
function metBy({ achievement, context }: Unlock & { readonly context: UserContext }): Partial<UserContext> {
  return Object.fromEntries(achievement.requirements.map(({ measure }) => [measure, context[measure]]));
}
