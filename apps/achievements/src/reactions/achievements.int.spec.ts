import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CoreStatUpdated, ExperienceAwarded, HabitCompleted, HabitStreakAchieved, IntegrationConnected, JournalEntryCreated, LevelUp, LifeStatUpdated, QuestChainUnlocked,
  QuestCompleted, SkillLevelUp, SkillMasteryAchieved, SkillPracticed, StatMilestoneReached, UserRegistered,
} from '@lifeos/contracts';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { loadPerson } from '../achievement/people.js';
import { recogniseGrowth } from '../achievement/recognition.js';
import { achievements } from '../achievement/built-in.js';
import { availableTo } from '../read-models/available.js';
import { earnedBy, nextGoalsOf } from '../read-models/earned.js';
import { statisticsOf } from '../read-models/statistics.js';
import { CountChainWhenQuestChainUnlocked } from './count-chain-when-quest-chain-unlocked.js';
import { CountEntryWhenJournalEntryCreated } from './count-entry-when-journal-entry-created.js';
import { CountExperienceWhenExperienceAwarded } from './count-experience-when-experience-awarded.js';
import { CountIntegrationWhenIntegrationConnected } from './count-integration-when-integration-connected.js';
import { CountMilestoneWhenStatMilestoneReached } from './count-milestone-when-stat-milestone-reached.js';
import { CountPracticeWhenSkillPracticed } from './count-practice-when-skill-practiced.js';
import { CountQuestWhenQuestCompleted } from './count-quest-when-quest-completed.js';
import { JudgeLevelWhenLevelUp } from './judge-level-when-level-up.js';
import { JudgeMasteryWhenSkillMasteryAchieved } from './judge-mastery-when-skill-mastery-achieved.js';
import { JudgeSavingsWhenLifeStatUpdated } from './judge-savings-when-life-stat-updated.js';
import { JudgeSkillWhenSkillLevelUp } from './judge-skill-when-skill-level-up.js';
import { JudgeStatWhenCoreStatUpdated } from './judge-stat-when-core-stat-updated.js';
import { JudgeStreakWhenHabitCompleted } from './judge-streak-when-habit-completed.js';
import { WelcomeWhenUserRegistered } from './welcome-when-user-registered.js';

const at = new Date('2026-11-21T12:00:00Z');
const registered = (user_id: number) => eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: at });
const questDone = (user_id: number) =>
  eventOf(QuestCompleted, { user_id, quest_id: 1, quest_type: 'side', experience_reward: 10, completion_timestamp: at, auto_completed: false });
const levelUp = (user_id: number, new_level: number, previous_level = new_level - 1) =>
  eventOf(LevelUp, { user_id, previous_level, new_level, total_experience: (new_level - 1) * 1000 });
const awarded = (user_id: number, experience_points: number) =>
  eventOf(ExperienceAwarded, { user_id, experience_points, source_type: 'quest', source_id: 1, reason: 'Quest completed' });

const habitDone = (user_id: number, streak_count: number, timestamp = at) =>
  eventOf(HabitCompleted, { user_id, habit_id: 1, completion_date: '2026-11-21', streak_count, experience_reward: 1 }, timestamp);
const masteryOf = (user_id: number) =>
  eventOf(HabitStreakAchieved, { user_id, habit_id: 1, streak_count: 100, streak_type: 'mastery', bonus_experience: 1 });
const saved = (user_id: number, new_value: number, target: number | null) =>
  eventOf(LifeStatUpdated, { user_id, category: 'wealth', subcategory: 'finance_savings_investments', previous_value: 0, new_value, unit: 'EUR', source: 'manual', target });

const whenRegistered = new WelcomeWhenUserRegistered();
const whenQuestCompleted = new CountQuestWhenQuestCompleted();
const whenLevelUp = new JudgeLevelWhenLevelUp();
const whenHabit = new JudgeStreakWhenHabitCompleted();
const whenSaved = new JudgeSavingsWhenLifeStatUpdated();
const whenAwarded = new CountExperienceWhenExperienceAwarded();

let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const told = (raised: Awaited<ReturnType<ReactionBench['handle']>>) => raised.map(({ type, payload }) => [type.name, payload]);
const namesOf = (raised: Awaited<ReturnType<ReactionBench['handle']>>) => raised.map(({ type }) => type.name);
const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe('A-12: the title of the beginner', () => {
  it('comes with the sign-up, once', async () => {
    const user = ++person;
    expect(told(await bench.handle(whenRegistered, registered(user)))).toEqual([
      ['TitleUnlocked', { user_id: user, title_id: 1, title_name: 'Beginner', unlock_conditions: { level: 1 }, unlock_timestamp: at }],
    ]);
    expect(await bench.handle(whenRegistered, registered(user))).toEqual([]);
  });

  it('does not come with anything else', async () => {
    expect(namesOf(await bench.handle(whenQuestCompleted, questDone(++person)))).not.toContain('TitleUnlocked');
  });
});

describe('a completed quest', () => {
  it('A-3, A-7, A-8, A-11: unlocks the first, tells of the progress of the others, and its reward', async () => {
    const user = ++person;
    const cause = questDone(user);
    const raised = await bench.handle(whenQuestCompleted, cause);
    expect(told(raised)).toEqual([
      ['AchievementProgressUpdated', { user_id: user, achievement_id: 2, achievement_name: 'Quest Seeker', current_progress: 1, required_progress: 10, progress_percentage: 10 }],
      ['AchievementProgressUpdated', { user_id: user, achievement_id: 3, achievement_name: 'Quest Veteran', current_progress: 1, required_progress: 50, progress_percentage: 2 }],
      ['AchievementProgressUpdated', { user_id: user, achievement_id: 4, achievement_name: 'Quest Hero', current_progress: 1, required_progress: 100, progress_percentage: 1 }],
      ['AchievementUnlocked', { user_id: user, achievement_id: 1, achievement_name: 'First Quest', tier: 'bronze', experience_reward: 100, unlock_timestamp: at }],
    ]);
    expect(raised.every(({ causationId }) => causationId === cause.eventId)).toBe(true);
    const { rows } = await bench.database.query('SELECT context FROM unlocked_achievements WHERE user_id = $1', [user]);
    expect(rows).toEqual([{ context: { quests_completed: 1 } }]);
  });

  it('A-6: unlocks nothing twice, whether in one batch or in two at once', async () => {
    const user = ++person;
    const [first, second] = await Promise.all([
      bench.handle(whenQuestCompleted, ...many(6, () => questDone(user))),
      bench.handle(whenQuestCompleted, ...many(6, () => questDone(user))),
    ]);
    const unlocked = told([...first, ...second]).filter(([name]) => name === 'AchievementUnlocked');
    expect(unlocked.map(([, payload]) => (payload as { achievement_id: number }).achievement_id).sort()).toEqual([1, 2]);
  });

  it('A-12: brings a badge from gold on', async () => {
    const user = ++person;
    await bench.handle(whenQuestCompleted, ...many(49, () => questDone(user)));
    expect(told(await bench.handle(whenQuestCompleted, questDone(user)))).toEqual([
      ['AchievementProgressUpdated', expect.objectContaining({ achievement_id: 4, current_progress: 50 })],
      ['AchievementUnlocked', expect.objectContaining({ achievement_id: 3, tier: 'gold', experience_reward: 1000 })],
      ['BadgeEarned', { user_id: user, badge_id: 1003, badge_name: 'Quest Veteran (gold)', badge_category: 'progression', earned_timestamp: at }],
    ]);
  });
});

describe('a level', () => {
  it('A-5, A-12: may unlock several achievements and a title on one event', async () => {
    const user = ++person;
    const names = told(await bench.handle(whenLevelUp, levelUp(user, 10, 1))).filter(([name]) => name !== 'AchievementProgressUpdated');
    expect(names).toMatchObject([
      ['AchievementUnlocked', { achievement_name: 'Rising' }],
      ['AchievementUnlocked', { achievement_name: 'Seasoned', experience_reward: 375 }],
      ['TitleUnlocked', { title_name: 'Adventurer', unlock_conditions: { level: 10 } }],
    ]);
  });

  it('4 is not 5', async () => {
    expect(namesOf(await bench.handle(whenLevelUp, levelUp(++person, 4)))).not.toContain('AchievementUnlocked');
  });
});

describe('A-4: the other measures', () => {
  it.each([
    ['a streak of 21', () => bench.handle(whenHabit, habitDone(++person, 21)), 'Streak Warrior'],
    ['a core stat of 50', () => bench.handle(new JudgeStatWhenCoreStatUpdated(), eventOf(CoreStatUpdated, { user_id: ++person, stat_name: 'wisdom', previous_value: 49, new_value: 50, source: 'quest' })), 'Well Trained'],
    ['a skill of level 25', () => bench.handle(new JudgeSkillWhenSkillLevelUp(), eventOf(SkillLevelUp, { user_id: ++person, skill_id: 1, previous_level: 24, new_level: 25, total_experience: 1, category: 'health' })), 'Skilled'],
    ['a connected app', () => bench.handle(new CountIntegrationWhenIntegrationConnected(), eventOf(IntegrationConnected, { user_id: ++person, integration_id: 1, service_name: 'strava', integration_type: 'health', connection_timestamp: at })), 'Connected'],
    ['ten journal entries', () => {
      const user_id = ++person;
      return bench.handle(new CountEntryWhenJournalEntryCreated(), ...many(10, () => eventOf(JournalEntryCreated, { user_id, entry_id: 1, entry_type: 'daily', title: 'Today', word_count: 1, tags: [] })));
    }, 'Diarist'],
  ])('%s unlocks', async (_what, happen, name) => {
    const unlocked = told(await happen()).filter(([type]) => type === 'AchievementUnlocked');
    expect(unlocked).toMatchObject([['AchievementUnlocked', { achievement_name: name }]]);
  });
});

describe('A-12: habits', () => {
  const early = new Date('2026-11-21T07:59:59Z');

  it('bring "Early Bird" with the seventh completion before 08:00 UTC, once', async () => {
    const user = ++person;
    expect(namesOf(await bench.handle(whenHabit, ...many(6, () => habitDone(user, 1, early)), ...many(5, () => habitDone(user, 1))))).not.toContain('BadgeEarned');
    expect(told(await bench.handle(whenHabit, ...many(3, () => habitDone(user, 1, early))))).toEqual([
      ['BadgeEarned', { user_id: user, badge_id: 1, badge_name: 'Early Bird', badge_category: 'habits', earned_timestamp: early }],
    ]);
  });

  it('H-9: bring "Habit Master" at 100, whichever event tells of the streak', async () => {
    const [user, other] = [++person, ++person];
    const titlesIn = (raised: Awaited<ReturnType<ReactionBench['handle']>>) => told(raised).filter(([name]) => name === 'TitleUnlocked');
    expect(titlesIn(await bench.handle(whenHabit, habitDone(user, 99)))).toEqual([]);
    expect(titlesIn(await bench.handle(whenHabit, habitDone(user, 100), masteryOf(user)))).toMatchObject([
      ['TitleUnlocked', { title_name: 'Habit Master', unlock_conditions: { streak: 100 } }],
    ]);
    expect(titlesIn(await bench.handle(whenHabit, masteryOf(other)))).toHaveLength(1);
  });
});

describe('A-13: savings', () => {
  const proposals = async (user: number) => (await availableTo(bench.database, user)).proposed_goals;

  it('at their target bring a badge once, and propose the next goal until the person aims there', async () => {
    const user = ++person;
    expect(await bench.handle(whenSaved, saved(user, 999.99, 1000))).toEqual([]);
    expect(await proposals(user)).toEqual([]);
    expect(told(await bench.handle(whenSaved, saved(user, 1000, 1000)))).toEqual([
      ['BadgeEarned', { user_id: user, badge_id: 2, badge_name: 'WealthAchievement', badge_category: 'wealth', earned_timestamp: at }],
    ]);
    const proposed = { stat_name: 'wealth.finance_savings_investments', reached_target: 1000, target: 1500, unit: 'EUR' };
    expect(await proposals(user)).toEqual([proposed]);
    await bench.handle(whenSaved, saved(user, 900, 1000));
    expect(await proposals(user)).toEqual([proposed]);
    await bench.handle(whenSaved, saved(user, 900, 1500));
    expect(await proposals(user)).toEqual([]);
    expect(await bench.handle(whenSaved, saved(user, 1600, 1500), saved(user, 1600, 1600))).toEqual([]);
    expect(await proposals(user)).toMatchObject([{ reached_target: 1600, target: 2400 }]);
  });

  it('do not count without a target, nor does another life stat', async () => {
    const user = ++person;
    const weight = eventOf(LifeStatUpdated, { user_id: user, category: 'health', subcategory: 'physical', previous_value: 0, new_value: 9, unit: 'points', source: 'manual', target: 5 });
    expect(await bench.handle(whenSaved, saved(user, 5000, null), weight)).toEqual([]);
    expect(await proposals(user)).toEqual([]);
  });
});

describe('A-15: the context', () => {
  it('is kept from every event that rules may ask for', async () => {
    const user_id = ++person;
    await bench.handle(new CountChainWhenQuestChainUnlocked(), eventOf(QuestChainUnlocked, { user_id, parent_quest_id: 1, unlocked_quest_ids: [2], chain_name: 'c' }));
    await bench.handle(new CountPracticeWhenSkillPracticed(), ...many(2, () => eventOf(SkillPracticed, { user_id, skill_id: 1, practice_duration: 30, experience_gained: 15, practice_timestamp: at })));
    await bench.handle(new JudgeMasteryWhenSkillMasteryAchieved(), eventOf(SkillMasteryAchieved, { user_id, skill_id: 1, mastery_level: 'expert', total_practice_time: 60, mastery_timestamp: at }));
    await bench.handle(new CountMilestoneWhenStatMilestoneReached(), eventOf(StatMilestoneReached, { user_id, stat_type: 'core', stat_name: 'wisdom', milestone_value: 20, milestone_type: 'level' }));
    await bench.handle(whenAwarded, awarded(user_id, 40));
    expect((await loadPerson(bench.database, user_id)).context).toMatchObject({
      quest_chains: 1, practice_sessions: 2, practice_minutes: 60, highest_mastery: 4, stat_milestones: 1, total_experience: 40, level: 1,
    });
  });
});

describe('A-6: a repeatable achievement', () => {
  it('is unlocked, booked and told of each time', async () => {
    const user = ++person;
    const again = { ...(achievements[1] as (typeof achievements)[number]), achievement_id: 98, name: 'Tireless', repeatable: true };
    const reaction = new (class CountAgain {
      handle = (events: readonly ReturnType<typeof questDone>[], context: Parameters<typeof recogniseGrowth>[0]) =>
        recogniseGrowth(context, events.map((cause) => ({ cause, userId: cause.payload.user_id, growth: { add: { quests_completed: 1 } } })), { achievements: [again], titles: [], badges: [] });
    })();
    const raised = [...(await bench.handle(reaction, ...many(10, () => questDone(user)))), ...(await bench.handle(reaction, ...many(10, () => questDone(user))))];
    expect(namesOf(raised).filter((name) => name === 'AchievementUnlocked')).toHaveLength(2);
    expect(new Set(raised.map(({ eventId }) => eventId)).size).toBe(raised.length);
    expect((await earnedBy(bench.database, user)).earned).toMatchObject([{ achievement_id: 98, times: 2, experience_reward: 750 }]);
  });
});

describe('R-25, A-14: statistics', () => {
  it('count by tier, category and month, with the last 30 days and the XP', async () => {
    const user = ++person;
    const on = (day: string) => ({ ...questDone(user), timestamp: new Date(`${day}T00:00:00Z`) });
    await bench.handle(whenQuestCompleted, on('2026-09-30'), ...many(9, () => on('2026-10-22')), ...many(40, () => on('2026-11-21')));
    const numbers = await statisticsOf(bench.database, user, new Date('2026-11-21T00:00:00Z'));
    expect(numbers).toMatchObject({ total: 14, unlocked: 3, percentage: 21.43, last_30_days: 1, experience_from_achievements: 1475 });
    expect(numbers.by_tier).toMatchObject({ bronze: { total: 4, unlocked: 1 }, gold: { total: 4, unlocked: 1 }, platinum: { unlocked: 0 } });
    expect(numbers.by_category).toMatchObject({ quest_completion: { total: 4, unlocked: 3 }, social: { total: 0, unlocked: 0 } });
    expect(numbers.per_month).toEqual([
      { month: '2026-11', unlocked: 1, experience: 1000 }, { month: '2026-10', unlocked: 1, experience: 375 }, { month: '2026-09', unlocked: 1, experience: 100 },
    ]);
    expect(await statisticsOf(bench.database, user, new Date('2026-11-20T23:59:59Z'))).toMatchObject({ last_30_days: 1 });
  });
});

describe('events of several topics', () => {
  it('A-15: give the same in whatever order they come, and the same ids', async () => {
    const run = async (user: number, order: number[]) => {
      const steps = [
        () => bench.handle(whenRegistered, registered(user)),
        () => bench.handle(whenQuestCompleted, ...many(7, () => questDone(user))),
        () => bench.handle(whenAwarded, awarded(user, 4100)),
        () => bench.handle(whenLevelUp, levelUp(user, 5, 1)),
      ];
      for (const index of order) await steps[index]?.();
      const { user_id: _user, ...earned } = await earnedBy(bench.database, user);
      return earned;
    };
    const first = await run(++person, [0, 1, 2, 3]);
    expect(first.earned.map(({ name }) => name)).toEqual(['First Quest', 'Rising']);
    expect(first.titles.map(({ name }) => name)).toEqual(['Beginner']);
    expect(await run(++person, [3, 2, 1, 0])).toEqual(first);
    expect(await run(++person, [2, 0, 3, 1])).toEqual(first);
  });
});

describe('R-16: what is shown', () => {
  it('is everything for a person never heard of', async () => {
    const shown = await earnedBy(bench.database, ++person);
    expect(shown).toMatchObject({ earned: [], titles: [], badges: [] });
    expect(shown.progress).toHaveLength(14);
    expect(shown.progress[0]).toEqual({ achievement_id: 1, name: 'First Quest', current_progress: 0, required_progress: 1, progress_percentage: 0, close: false, missing: ['Complete 1 more quest.'] });
  });

  it('A-9: goals are near', async () => {
    const user = ++person;
    await bench.handle(whenQuestCompleted, ...many(7, () => questDone(user)));
    expect((await nextGoalsOf(bench.database, user)).map(({ name }) => name)).toEqual(['Quest Seeker']);
  });
});
