import { BalanceScoreCalculated, InsightGenerated, PredictionGenerated, RecommendationCreated, SkillRecommendationGenerated, UserEngagementAnalyzed } from '@lifeos/contracts';
import type { PreparedStatement } from '@lifeos/postgres';
import { derivedList } from '../consented/derived-facts.js';
import { newestUnread, unreadCount, type StoredNotice } from '../notices/notice-store.js';
import { activeQuests, type ActiveQuest } from '../read-models/active-quests.js';
import { coreStats, type CoreStat } from '../read-models/core-stats.js';
import type { Habit } from '../read-models/habit-due.js';
import { habits } from '../read-models/habits.js';
import { badges, titles, type Honour } from '../read-models/honours.js';
import { integrations, type IntegrationState } from '../read-models/integrations.js';
import { latestEntries, type JournalEntry } from '../read-models/journal-entries.js';
import { latestAchievements, type UnlockedAchievement } from '../read-models/latest-achievements.js';
import { progressBars, type ProgressBar } from '../read-models/progress-bars.js';
import { newestPrompts, type Prompt } from '../read-models/prompts.js';
import { asList } from '../read-models/rows.js';

/** What a sensitive event told, with the time of it. */
export type Fact = Readonly<Record<string, unknown>> & { readonly at: string };

/** One row: everything that home shows of one person. */
export interface HomeRow {
  readonly time_zone: string;
  readonly experience: string;
  readonly core_stats: readonly CoreStat[];
  readonly active_quests: readonly ActiveQuest[];
  readonly habits: readonly Habit[];
  readonly recent_achievements: readonly UnlockedAchievement[];
  readonly progress_bars: readonly ProgressBar[];
  readonly titles: readonly Honour[];
  readonly badges: readonly Honour[];
  readonly prompts: readonly Prompt[];
  readonly journal_entries: readonly JournalEntry[];
  readonly integrations: readonly IntegrationState[];
  readonly unread_count: string;
  readonly newest_unread: readonly StoredNotice[];
  readonly insights: readonly Fact[];
  readonly predictions: readonly Fact[];
  readonly recommendations: readonly Fact[];
  readonly skill_recommendations: readonly Fact[];
  readonly balance: readonly Fact[];
  readonly engagement: readonly Fact[];
}

const now = '$2::timestamptz';

const parts: Readonly<Record<keyof HomeRow, string>> = {
  time_zone: `coalesce((SELECT time_zone FROM users WHERE user_id = $1), 'UTC')`,
  experience: 'coalesce((SELECT total FROM experience WHERE user_id = $1), 0)',
  core_stats: asList(coreStats),
  active_quests: asList(activeQuests),
  habits: asList(habits),
  recent_achievements: asList(latestAchievements),
  progress_bars: asList(progressBars),
  titles: asList(titles),
  badges: asList(badges),
  prompts: asList(newestPrompts),
  journal_entries: asList(latestEntries),
  integrations: asList(integrations),
  unread_count: unreadCount,
  newest_unread: asList(newestUnread),
  insights: derivedList(InsightGenerated, { limit: 5, now }),
  predictions: derivedList(PredictionGenerated, { limit: 5, now }),
  recommendations: derivedList(RecommendationCreated, { limit: 5, now }),
  skill_recommendations: derivedList(SkillRecommendationGenerated, { limit: 1, now }),
  balance: derivedList(BalanceScoreCalculated, { limit: 1, now }),
  engagement: derivedList(UserEngagementAnalyzed, { limit: 1, now }),
};

/** D-7 in one statement of the person `$1` at the time `$2`: one round trip, one snapshot. */
export const homeStatement: PreparedStatement = {
  name: 'dashboard home',
  text: `SELECT ${Object.entries(parts).map(([name, sql]) => `${sql} AS ${name}`).join(',\n  ')}`,
};
