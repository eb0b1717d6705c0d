import { AchievementProgressUpdated, AchievementUnlocked, BadgeEarned, TitleUnlocked } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { rewardOf } from './definitions.js';
import { type Gifts, saveGifts } from './gifts.js';
import { loadPeople, type Person, saveContexts } from './people.js';
import { type Recognition, recognise } from './rule-engine.js';
import { grow, type Growth } from './user-context.js';

/** What one event tells of its person. */
export interface Told {
  readonly cause: EventEnvelope;
  readonly userId: number;
  readonly growth: Growth;
}

/**
 * Lets the contexts grow by a whole batch of events, in order, and gives what is due: people are read
 * once, judged in memory, written once. The lock on each person keeps two events at once from
 * unlocking the same.
 */
export async function recogniseGrowth(context: HandlerContext, events: readonly Told[]): Promise<void> {
  if (events.length === 0) return;
  const people = await loadPeople(context.tx, events.map(({ userId }) => userId));
  const gifts: Gifts = { achievements: [], titles: [], badges: [] };
  for (const told of events) {
    const before = people.get(told.userId);
    if (!before) throw new Error(`Person ${told.userId} was not read.`);
    const after = grow(before.context, told.growth);
    const recognition = recognise(before.context, after, before);
    announce(context, told, recognition);
    people.set(told.userId, { context: after, ...heldAfter(before, recognition) });
    collect(gifts, told, { ...recognition, context: after });
  }
  await saveContexts(context.tx, people);
  await saveGifts(context.tx, gifts);
}

function heldAfter(before: Person, { unlocked, titles }: Recognition): Omit<Person, 'context'> {
  return {
    achievements: new Set([...before.achievements, ...unlocked.map(({ achievement_id }) => achievement_id)]),
    titles: new Set([...before.titles, ...titles.map(({ title_id }) => title_id)]),
  };
}

function collect(gifts: Gifts, { userId, cause }: Told, given: Recognition & Pick<Person, 'context'>): void {
  const to = { userId, at: cause.timestamp };
  gifts.achievements.push(...given.unlocked.map((achievement) => ({ ...to, achievement, context: given.context })));
  gifts.titles.push(...given.titles.map((title) => ({ ...to, title })));
  gifts.badges.push(...given.badges.map((badge) => ({ ...to, badge })));
}

/** Each event's id follows from the fact, so that a rebuilt service raises the same ones. */
function announce(context: HandlerContext, { cause, userId: user_id }: Told, { progressed, unlocked, badges, titles }: Recognition): void {
  const at = cause.timestamp;
  for (const { achievement, current, required, percentage } of progressed) {
    const { achievement_id, name: achievement_name } = achievement;
    context.raise(
      AchievementProgressUpdated,
      { user_id, achievement_id, achievement_name, current_progress: current, required_progress: required, progress_percentage: percentage },
      { cause, fact: `${achievement_id} ${current}/${required} ${percentage}` },
    );
  }
  for (const achievement of unlocked) {
    const { achievement_id, name: achievement_name, tier } = achievement;
    const experience_reward = rewardOf(achievement);
    context.raise(
      AchievementUnlocked,
      { user_id, achievement_id, achievement_name, tier, experience_reward, unlock_timestamp: at },
      { cause, fact: String(achievement_id) },
    );
  }
  for (const { badge_id, name: badge_name, category: badge_category } of badges) {
    context.raise(BadgeEarned, { user_id, badge_id, badge_name, badge_category, earned_timestamp: at }, { cause, fact: String(badge_id) });
  }
  for (const { title_id, name: title_name, unlock_conditions } of titles) {
    context.raise(
      TitleUnlocked,
      { user_id, title_id, title_name, unlock_conditions: { ...unlock_conditions }, unlock_timestamp: at },
      { cause, fact: String(title_id) },
    );
  }
}
