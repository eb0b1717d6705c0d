import { AchievementProgressUpdated, AchievementUnlocked, BadgeEarned, TitleUnlocked } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { rewardOf } from './definitions.js';
import type { Progress } from './progress.js';
import type { Recognition, Unlock } from './rule-engine.js';

interface Occasion {
  readonly cause: EventEnvelope;
  readonly userId: number;
}

/** Tells of all that an event brought. Each id follows from the fact, so that a rebuilt service raises the same ones. */
export function announce(context: HandlerContext, occasion: Occasion, { progressed, unlocked, badges, titles }: Recognition): void {
  const { cause, userId: user_id } = occasion;
  const at = cause.timestamp;
  for (const progress of progressed) announceProgress(context, occasion, progress);
  for (const unlock of unlocked) announceUnlock(context, occasion, unlock);
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

function announceProgress(context: HandlerContext, { cause, userId: user_id }: Occasion, { achievement, times, current, required, percentage }: Progress): void {
  const { achievement_id, name: achievement_name } = achievement;
  context.raise(
    AchievementProgressUpdated,
    { user_id, achievement_id, achievement_name, current_progress: current, required_progress: required, progress_percentage: percentage },
    { cause, fact: `${numbered(achievement_id, times + 1)} ${current}/${required} ${percentage}` },
  );
}

function announceUnlock(context: HandlerContext, { cause, userId: user_id }: Occasion, { achievement, time }: Unlock): void {
  const { achievement_id, name: achievement_name, tier } = achievement;
  context.raise(
    AchievementUnlocked,
    { user_id, achievement_id, achievement_name, tier, experience_reward: rewardOf(achievement), unlock_timestamp: cause.timestamp },
    { cause, fact: numbered(achievement_id, time) },
  );
}

/** The first time goes by the id alone, as published from the beginning. */
const numbered = (achievementId: number, time: number): string => (time === 1 ? String(achievementId) : `${achievementId}#${time}`);
