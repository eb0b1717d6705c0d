import { HabitChanged, HabitCompleted, HabitCreated, HabitStreakAchieved, HabitStreakBroken, QuestChainUnlocked, QuestChanged, QuestCompleted, QuestCreated, QuestFailed, QuestStatusChanged } from '@lifeos/contracts';
import { dateOf, day, dayOf, hour, inTime, moments, oneOf, told, whole, type Draw, type Happening } from './telling.js';

const streakTypes = { 7: 'week', 21: 'habit_formation', 30: 'month', 50: 'dedication', 100: 'mastery', 365: 'year' } as const;
const isMilestone = (streak: number): streak is keyof typeof streakTypes => streak in streakTypes;

/** Quests and habits, each with a life of its own. */
export function questsStory(draw: Draw, user: number): Happening[] {
  const quests = Array.from({ length: whole(draw, 2, 3) }, (_, index) => questLife(draw, user * 100 + index));
  const habits = Array.from({ length: 2 }, (_, index) => habitLife(draw, user * 10 + index));
  return inTime(...quests, ...habits);
}

function questLife(draw: Draw, quest_id: number): Happening[] {
  const [created = 0, changed = 0, paused = 0, ended = 0, retried = 0, completed = 0] = moments(draw, 6);
  const quest_type = oneOf(draw, 'life_goal', 'annual_goal', 'main', 'side', 'weekly', 'daily');
  const experience_reward = oneOf(draw, 0, 50, 100, 400, 1_700);
  const rules = [{ source: 'strava', metric: 'workout.minutes', operator: '>=', threshold: 30 }] as const;
  const due_date = oneOf(draw, null, dayOf(ended));
  const life = [told(created, QuestCreated, { quest_id, quest_type, title: `Quest ${quest_id}`, difficulty: oneOf(draw, 'easy', 'hard'), experience_reward, status: oneOf(draw, 'active', 'draft'), due_date, auto_completion_rules: whole(draw, 0, 1) === 0 ? [] : rules })];
  const done = (at: number) => told(at, QuestCompleted, { quest_id, quest_type, experience_reward, completion_timestamp: dateOf(at), auto_completed: false });
  const failed = told(ended, QuestFailed, { quest_id, quest_type, failure_reason: oneOf(draw, 'timeout', 'abandoned'), failure_timestamp: dateOf(ended) });
  const status = (at: number, previous_status: 'failed' | 'active' | 'paused', new_status: 'active' | 'paused') => told(at, QuestStatusChanged, { quest_id, previous_status, new_status, changed_at: dateOf(at) });
  if (oneOf(draw, true, false)) life.push(told(changed, QuestChanged, { quest_id, title: `Other ${quest_id}`, due_date, auto_completion_rules: [], deleted: false }));
  if (oneOf(draw, true, false)) life.push(status(paused, 'active', 'paused'), status(paused + hour, 'paused', 'active'));
  const ends: readonly Happening[][] = [
    [done(ended)],
    [done(ended), told(ended, QuestChainUnlocked, { parent_quest_id: quest_id, unlocked_quest_ids: [quest_id + 50], chain_name: `Chain ${quest_id}` })],
    [failed],
    [failed, status(retried, 'failed', 'active'), done(completed)],
    [told(ended, QuestChanged, { quest_id, title: `Quest ${quest_id}`, due_date, auto_completion_rules: [], deleted: true })],
    [],
  ];
  return [...life, ...oneOf(draw, ...ends)];
}

function habitLife(draw: Draw, habit_id: number): Happening[] {
  const created = whole(draw, 0, 5 * day);
  const habit_name = `Habit ${habit_id}`;
  const frequency = oneOf(draw, 'daily', 'weekly', 'custom');
  const experience_reward = oneOf(draw, 0, 10, 120);
  const run = (from: number, first: number, count: number) => Array.from({ length: count }, (_, index) => completion(from + index * day, first + index)).flat();
  const completion = (at: number, streak_count: number): Happening[] => [
    told(at, HabitCompleted, { habit_id, completion_date: dayOf(at), streak_count, experience_reward, habit_name, frequency }),
    ...(isMilestone(streak_count) ? [told(at, HabitStreakAchieved, { habit_id, streak_count, streak_type: streakTypes[streak_count], bonus_experience: experience_reward * 2, habit_name })] : []),
  ];
  const [first, count] = [oneOf(draw, 1, 5, 18, 28, 97), whole(draw, 2, 4)];
  const began = created + whole(draw, hour, day);
  const broken = began + (count + 1) * day;
  return [
    told(created, HabitCreated, { habit_id, name: habit_name, frequency, experience_reward }),
    ...run(began, first, count),
    ...oneOf(draw, [], [told(broken, HabitStreakBroken, { habit_id, previous_streak: first + count - 1, broken_date: dayOf(broken), habit_name }), ...run(broken + 2 * day, 1, whole(draw, 1, 2))]),
    ...oneOf(draw, [], [told(broken + 9 * day, HabitChanged, { habit_id, name: `New ${habit_name}`, frequency, deleted: false })], [told(broken + 9 * day, HabitChanged, { habit_id, name: habit_name, frequency, deleted: true })]),
  ];
}
