import type { Narrator } from './narrator.js';

/** A fact that a service must show once the events have arrived there. */
export interface Fact {
  readonly service: string;
  readonly path: string;
  readonly says: string;
  readonly holds: (body: Record<string, unknown>) => boolean;
}

const text = (value: unknown): string => JSON.stringify(value ?? null);
/** Whether each of the texts stands somewhere in an answer. */
const tells = (value: unknown, ...texts: readonly string[]): boolean => texts.every((one) => text(value).includes(one));
const has = (list: unknown, count: number): boolean => Array.isArray(list) && list.length === count;

export const factsOfFirstDay = (userId: number): Fact[] => [
  { service: 'quests', path: `/quests/${userId}?status=completed`, says: 'three quests are completed', holds: ({ quests }) => has(quests, 3) },
  { service: 'dashboard', path: `/dashboard/users/${userId}`, says: '1125 XP, level 2', holds: (body) => body['experience_points'] === 1125 && body['level'] === 2 },
  ...factsOfBoth(userId),
];

/** 1125 XP; the streak 6 × 10 + 12, and 10 for the week; the weekly quest 75, the skill 30; two achievements of 50 each. */
const experienceOfTwoWeeks = 1125 + 72 + 10 + 75 + 30 + 50 + 50;

export const factsOfTwoWeeks = (userId: number): Fact[] => [
  { service: 'quests', path: `/quests/${userId}?status=completed`, says: 'four quests are completed, one by the watch', holds: ({ quests }) => has(quests, 4) && tells(quests, 'Move for 150 minutes') },
  { service: 'quests', path: `/quests/${userId}?status=draft`, says: 'what was recommended waits as a draft', holds: ({ quests }) => tells(quests, 'small thing for your health') },
  { service: 'quests', path: `/quests/habits/${userId}`, says: 'the streak of 7 days is the longest, and is over', holds: ({ habits }) => tells(habits, '"longest_streak":7', '"current_streak":0') },
  { service: 'integrations', path: `/integrations/${userId}`, says: 'Apple Health is connected, and was read', holds: ({ integrations }) => tells(integrations, 'apple_health', '"state":"connected"') && !tells(integrations, '"last_sync_at":null') },
  { service: 'skills', path: `/skills/${userId}`, says: 'running was practised', holds: ({ skills }) => tells(skills, '"total_practice_time":60') },
  { service: 'skills', path: `/skills/recommendations/${userId}`, says: 'the next skill is recommended', holds: ({ recommendations }) => tells(recommendations, 'Interval training') },
  { service: 'stats', path: `/stats/life-stats/${userId}`, says: '210 minutes of exercise are counted', holds: (body) => tells(body, '"value":210') },
  { service: 'journal', path: `/journal/entries/${userId}`, says: 'fourteen entries are kept', holds: ({ entries }) => has(entries, 14) },
  { service: 'journal', path: `/journal/insights/${userId}`, says: 'the drop of the mood was seen, and what the balance tells', holds: ({ insights }) => tells(insights, '"insight_type":"mood"', '"insight_type":"balance"', '"insight_type":"trend"') },
  { service: 'analytics', path: `/analytics/predictions/${userId}`, says: 'there are forecasts and recommendations', holds: ({ predictions, recommendations }) => tells(predictions, 'prediction_id') && tells(recommendations, 'health') },
  { service: 'analytics', path: `/analytics/balance-score/${userId}`, says: 'health scores 0.4', holds: (body) => body['health_score'] === 0.4 },
  {
    service: 'dashboard', path: `/dashboard/users/${userId}`, says: `${experienceOfTwoWeeks} XP, level 2`,
    holds: (body) => body['experience_points'] === experienceOfTwoWeeks && body['level'] === 2,
  },
  {
    service: 'dashboard', path: `/dashboard/notifications/${userId}?limit=100`, says: 'notices tell of streak, insight, shift and recommendation',
    holds: ({ notifications }) => tells(notifications, '"streak"', '"insight"', '"balance_shift"', '"recommendation"', '"pattern"', '"streak_broken"'),
  },
  ...factsOfBoth(userId),
];

const factsOfBoth = (userId: number): Fact[] => [
  { service: 'achievements', path: `/achievements/${userId}`, says: '"First Quest" and the title "Beginner" are earned', holds: ({ earned, titles }) => tells(earned, 'First Quest') && tells(titles, 'Beginner') },
  { service: 'stats', path: `/stats/core-stats/${userId}`, says: 'intelligence grew to 17, level 2 is mirrored', holds: ({ core_stats, level }) => tells(core_stats, '"intelligence":17') && level === 2 },
  { service: 'journal', path: `/journal/prompts/${userId}`, says: 'prompts to reflect on wait', holds: ({ prompts }) => tells(prompts, 'prompt_text') },
  { service: 'analytics', path: `/analytics/activity/${userId}`, says: 'the activity is counted', holds: ({ days }) => tells(days, 'QuestCompleted') },
  {
    service: 'dashboard', path: `/dashboard/home/${userId}`, says: 'home shows the level, the stat, the achievement, a prompt and notices',
    holds: ({ level, core_stats, recent_achievements, prompts, notifications }) =>
      tells(level, '"level":2') && tells(core_stats, '"intelligence":17') && tells(recent_achievements, 'First Quest') && tells(prompts, 'prompt_text') && tells(notifications, 'unread_count', 'title'),
  },
];

/** Asks each owner through its public API until it shows its fact, or the time is over. */
export async function shownAtTheEnd(narrator: Narrator, facts: readonly Fact[]): Promise<void> {
  narrator.say('\nWhat the services show');
  for (const { service, path, says, holds } of facts) {
    const shows = ({ status, body }: { status: number; body: Record<string, unknown> }): boolean => status === 200 && holds(body);
    const answer = await narrator.until(`It is not shown that ${says}`, { service, path }, shows);
    narrator.say(`  ${shows(answer) ? '✔' : '✘'} ${service.padEnd(12)} ${says}`);
  }
}
