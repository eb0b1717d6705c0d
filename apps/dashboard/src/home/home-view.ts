import { levelBar } from '../experience/level.js';
import { allCoreStats } from '../read-models/core-stats.js';
import { isDue } from '../read-models/habit-due.js';
import { syncStatus } from '../read-models/integrations.js';
import type { Fact, HomeRow } from './home-statement.js';
import { setupHints } from './setup-hints.js';

/** D-7: the answer, of what the database has and the person's own day (YYYY-MM-DD). */
export function homeView(row: HomeRow, today: string) {
  const experience = Number(row.experience);
  const { active_quests, recent_achievements, progress_bars, titles, badges, prompts, journal_entries, insights, recommendations } = row;
  return {
    level: levelBar(experience),
    core_stats: allCoreStats(row.core_stats),
    ...{ active_quests, habits_due: row.habits.filter((habit) => isDue(habit, today)) },
    ...{ recent_achievements, progress_bars, titles, badges, prompts, journal_entries },
    ...{ insights, recommendations, predictions: row.predictions.map(worded) },
    balance: row.balance[0] ?? null,
    skill_recommendations: row.skill_recommendations[0] ?? null,
    engagement: row.engagement[0] ?? null,
    integrations: row.integrations.map((integration) => ({ ...integration, status: syncStatus(integration) })),
    notifications: { unread_count: Number(row.unread_count), newest: row.newest_unread },
    setup_hints: setupHints({ experience, activeQuests: active_quests.length, habits: row.habits.length, entries: journal_entries.length }),
  };
}

const directions: Readonly<Record<string, string>> = { up: 'may rise', down: 'may fall' };

/** E-37: a forecast in words that put nobody under pressure. */
export function worded(prediction: Fact): Fact & { readonly summary: string } {
  const { forecast_data, prediction_horizon_days: days } = prediction;
  const trend = typeof forecast_data === 'object' && forecast_data !== null && 'trend' in forecast_data ? String(forecast_data.trend) : '';
  const direction = directions[trend] ?? 'may stay about as it is';
  return { ...prediction, summary: `If things go on as lately, this ${direction} over the next ${String(days)} days. It is an estimate, not a goal.` };
}
