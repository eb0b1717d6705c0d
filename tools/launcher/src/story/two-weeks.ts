import { appleExport } from './apple-export.js';
import { type BusinessDays, storyDays } from './business-days.js';
import type { SeenEvent } from './causation-tree.js';
import type { Narrator } from './narrator.js';
import type { Person } from './stage.js';

/** Ada, her days, and who tells of them. */
interface Life {
  readonly narrator: Narrator;
  readonly days: BusinessDays;
  readonly person: Person;
}

/** What Ada set up on the first day. */
interface Plans {
  readonly habitId: string;
  readonly integrationId: string;
}

/** By day: a good week, then one in which her mood drops. */
const moods = [8, 7, 8, 9, 8, 8, 7, 5, 4, 4, 3, 4, 5, 4] as const;
const streak = 7;
const workoutMinutes = 30;
const dayOfImport = 8;
const dayOfShift = 11;

/** The rest of the first day, then two weeks of days. */
export async function twoWeeks(narrator: Narrator, days: BusinessDays, person: Person): Promise<void> {
  const life: Life = { narrator, days, person };
  await consent(life);
  const plans = await plan(life);
  narrator.say('\nA day at a time');
  await passDays(life, plans, 1, dayOfImport - 1);
  await days.moveTo(dayOfImport);
  await workouts(life, plans);
  await runJob(life, 'stats', 'detect-trends', dayOfImport - 1, ['TrendDetected', 'InsightGenerated', 'PredictionGenerated']);
  narrator.say('\nA harder week');
  await passDays(life, plans, dayOfImport, dayOfShift);
  await shift(life);
  narrator.say('\nThe days after');
  await passDays(life, plans, dayOfShift + 1, storyDays);
  await days.moveTo(storyDays + 1);
  await lookBack(life);
}

async function consent({ narrator, person: { userId } }: Life): Promise<void> {
  narrator.say('\nAda allows analytics, AI insights and connected apps');
  const path = `/privacy/consents/${userId}`;
  for (const purpose of ['analytics', 'ai_insights', 'external_integrations']) {
    const { answer } = await narrator.passOver({ title: `Consent to ${purpose}`, service: 'dashboard', method: 'PUT', path, body: { purpose, granted: true }, expected: [] });
    narrator.say(`  PUT ${path} → ${answer.status}  purpose=${JSON.stringify(purpose)} revision=${String(answer.body['revision'])}`);
  }
  // Whoever computes something for her must have heard of it before the next step.
  const consented = ({ status, body }: { status: number; body: Record<string, unknown> }): boolean => status === 200 && body['consented'] === true;
  const heard = [['journal', `/journal/insights/${userId}`], ['analytics', `/analytics/predictions/${userId}`], ['stats', `/stats/trends/${userId}`], ['skills', `/skills/recommendations/${userId}`]] as const;
  await Promise.all(heard.map(([service, question]) => narrator.until(`${service} knows of the consent`, { service, path: question }, consented)));
}

async function plan({ narrator, person: { userId: user_id } }: Life): Promise<Plans> {
  const habit = await narrator.tell({
    title: 'Ada begins a habit: Walk in the morning',
    ...{ service: 'quests', method: 'POST', path: '/quests/habits', body: { user_id, name: 'Walk in the morning', frequency: 'daily' } },
    expected: ['HabitCreated'],
  });
  await narrator.tell({
    title: 'Ada takes on a quest that her watch shall complete: 150 minutes of exercise',
    ...{ service: 'quests', method: 'POST', path: '/quests' },
    body: {
      user_id, title: 'Move for 150 minutes', quest_type: 'weekly',
      auto_completion_rules: [{ source: 'apple_health', metric: 'workout.minutes', operator: '>=', threshold: 150 }],
    },
    expected: ['QuestCreated'],
  });
  const integrationId = await connect({ narrator, userId: user_id });
  await skills(narrator, user_id);
  await narrator.tell({
    title: 'Ada notes how she is: 8 of 10',
    ...{ service: 'stats', method: 'PUT', path: `/stats/life-stats/${user_id}`, body: { category: 'health', subcategory: 'mental_emotional', value: 8, target: 10, unit: 'points' } },
    expected: ['LifeStatUpdated', 'StatMilestoneReached', 'BalanceScoreCalculated'],
  });
  return { habitId: String(habit.body['habit_id']), integrationId };
}

async function connect({ narrator, userId }: { narrator: Narrator; userId: number }): Promise<string> {
  const connected = await narrator.tell({
    title: 'Ada connects Apple Health',
    ...{ service: 'integrations', method: 'POST', path: '/integrations', body: { user_id: userId, service_name: 'apple_health', integration_type: 'health', credentials: {} } },
    againWhile: 403,
    expected: ['IntegrationConnected', 'AchievementUnlocked', 'ExperienceAwarded'],
  });
  return String(connected.body['integration_id']);
}

async function skills(narrator: Narrator, user_id: number): Promise<void> {
  const running = await narrator.passOver({ title: 'Ada takes up a skill', service: 'skills', method: 'POST', path: '/skills', body: { user_id, name: 'Running', category: 'health' }, expected: [] });
  const skill_id = Number(running.answer.body['skill_id']);
  const body = { user_id, name: 'Interval training', category: 'health', prerequisites: [{ skill_id, level: 1 }] };
  await narrator.passOver({ title: 'Ada takes up the next one', service: 'skills', method: 'POST', path: '/skills', body, expected: [] });
  await narrator.tell({
    title: 'Ada practises a skill: an hour of running',
    ...{ service: 'skills', method: 'POST', path: `/skills/${skill_id}/practice`, body: { minutes: 60 } },
    expected: ['SkillPracticed', 'ExperienceAwarded'],
  });
}

async function passDays(life: Life, plans: Plans, from: number, to: number): Promise<void> {
  for (let day = from; day <= to; day += 1) {
    await life.days.moveTo(day);
    await passDay(life, plans, day);
  }
}

/** One line a day: what she wrote, and her habit while she keeps to it. */
async function passDay({ narrator, days, person: { userId: user_id } }: Life, { habitId }: Plans, day: number): Promise<void> {
  const mood = moods[day - 1] ?? 5;
  const entry = { user_id, entry_type: 'daily', title: `Day ${day}`, content: mood > 5 ? 'A good day, all in all.' : 'A grey day, and little sleep.', mood };
  const wrote = await narrator.passOver({ title: `Ada writes on day ${day}`, service: 'journal', method: 'POST', path: '/journal/entries', body: entry, expected: ['JournalEntryCreated', ...(mood <= 3 ? ['ReflectionPromptSuggested'] : [])] });
  const done = day > streak ? [] : (await narrator.passOver({
    title: `Ada walks on day ${day}`,
    ...{ service: 'quests', method: 'POST', path: `/quests/habits/${habitId}/complete`, body: {} },
    expected: ['HabitCompleted', 'ExperienceAwarded', ...(day === streak ? ['HabitStreakAchieved', 'ReflectionPromptSuggested', 'ExperienceAwarded'] : [])],
  })).events;
  narrator.say(`  ${days.dateOf(day)}  ${[...wrote.events, ...done].map(inShort).filter((word) => word !== '').join(', ')}`);
}

/** What a line of a day says of an event; nothing of what comes every day beside it, such as XP and progress. */
function inShort({ name, fields, afterMs }: SeenEvent): string {
  const ms = `+${Math.round(afterMs)} ms`;
  if (name === 'JournalEntryCreated') return `mood ${String(fields['mood_rating'])} ${ms}`;
  if (name === 'HabitCompleted') return `streak ${String(fields['streak_count'])} for ${String(fields['experience_reward'])} XP ${ms}`;
  if (name === 'HabitStreakAchieved') return `${name} ${JSON.stringify(fields['streak_type'])} ${ms}`;
  if (name === 'AchievementUnlocked') return `${name} ${JSON.stringify(fields['achievement_name'])} ${ms}`;
  return name === 'ReflectionPromptSuggested' ? `${name} ${JSON.stringify(fields['prompt_category'])} ${ms}` : '';
}

async function workouts({ narrator, days }: Life, { integrationId }: Plans): Promise<void> {
  const done = Array.from({ length: streak }, (_, index) => ({ date: days.dateOf(index + 1), minutes: workoutMinutes }));
  await narrator.tell({
    title: `Ada brings the week's workouts from her watch: ${done.length} × ${workoutMinutes} minutes`,
    ...{ service: 'integrations', method: 'POST', path: `/integrations/${integrationId}/imports`, file: { type: 'application/xml', text: appleExport(done) } },
    expected: [
      'ExternalDataReceived', 'DataSyncCompleted', ...done.map(() => 'LifeStatUpdated'), 'CoreStatUpdated', 'CoreStatUpdated',
      'AutoCompletionTriggered', 'QuestCompleted', 'ExperienceAwarded',
    ],
  });
}

async function shift({ narrator, person: { userId } }: Life): Promise<void> {
  await narrator.tell({
    title: 'Ada notes how she is: 4 of 10',
    ...{ service: 'stats', method: 'PUT', path: `/stats/life-stats/${userId}`, body: { category: 'health', subcategory: 'mental_emotional', value: 4 } },
    expected: ['LifeStatUpdated', 'BalanceScoreCalculated', 'BalanceShiftDetected', 'InsightGenerated', 'RecommendationCreated', 'QuestCreated'],
  });
}

/** The daily jobs, run for the last day. */
async function lookBack(life: Life): Promise<void> {
  await runJob(life, 'journal', 'detect-patterns', storyDays, ['PatternDetected', 'InsightGenerated', 'PredictionGenerated']);
  await runJob(life, 'quests', 'break-missed-streaks', storyDays, ['HabitStreakBroken', 'ReflectionPromptSuggested']);
  await runJob(life, 'skills', 'recommend-skills', storyDays, ['SkillRecommendationGenerated']);
  await runJob(life, 'analytics', 'analyze-engagement', storyDays, ['UserEngagementAnalyzed']);
}

async function runJob({ narrator, days }: Life, service: string, job: string, day: number, expected: readonly string[]): Promise<void> {
  await narrator.tell({
    title: `The day ${days.dateOf(day)} is over: ${service} runs ${job}`,
    ...{ service, method: 'POST', path: `/operator/jobs/${job}/run`, by: 'operator', body: { day: days.dateOf(day) } },
    expected,
  });
}
