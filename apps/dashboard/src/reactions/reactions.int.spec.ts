import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AchievementUnlocked, BadgeEarned, HabitCompleted, HabitStreakAchieved, LevelUp, QuestCompleted, SkillPracticed, StatMilestoneReached, TitleUnlocked, UserRegistered } from '@lifeos/contracts';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { totalOf } from '../experience/experience-store.js';
import { largestTotal } from '../experience/level.js';
import { markAsRead, noticesOf, unreadCountOf } from '../notices/notice-store.js';
import { allocateUserId } from '../user/user-store.js';
import { BookExperienceWhenAchievementUnlocked } from './book-experience-when-achievement-unlocked.js';
import { BookExperienceWhenHabitCompleted } from './book-experience-when-habit-completed.js';
import { BookExperienceWhenHabitStreakAchieved } from './book-experience-when-habit-streak-achieved.js';
import { BookExperienceWhenQuestCompleted } from './book-experience-when-quest-completed.js';
import { BookExperienceWhenSkillPracticed } from './book-experience-when-skill-practiced.js';
import { NotifyWhenAchievementUnlocked } from './notify-when-achievement-unlocked.js';
import { NotifyWhenBadgeEarned } from './notify-when-badge-earned.js';
import { NotifyWhenLevelUp } from './notify-when-level-up.js';
import { NotifyWhenStatMilestoneReached } from './notify-when-stat-milestone-reached.js';
import { NotifyWhenTitleUnlocked } from './notify-when-title-unlocked.js';
import { ReserveUserIdWhenUserRegistered } from './reserve-user-id-when-user-registered.js';

const at = new Date('2026-11-21T12:00:00Z');
const quest = (user_id: number, experience_reward: number, quest_id = 1) =>
  eventOf(QuestCompleted, { user_id, quest_id, quest_type: 'side', experience_reward, completion_timestamp: at, auto_completed: false });
const achievement = (user_id: number, experience_reward: number) =>
  eventOf(AchievementUnlocked, { user_id, achievement_id: 7, achievement_name: 'First Quest', tier: 'bronze', experience_reward, unlock_timestamp: at });

let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const page = (limit = 50, offset = 0) => ({ now: at, limit, offset });
const told = (raised: Awaited<ReturnType<ReactionBench['handle']>>) => raised.map(({ type, payload }) => [type.name, payload]);

describe('booking experience', () => {
  const whenQuestCompleted = new BookExperienceWhenQuestCompleted();

  it('D-2, E-3: a completed quest books its reward and says so, caused by it', async () => {
    const user_id = ++person;
    const done = quest(user_id, 100, 42);
    const raised = await bench.handle(whenQuestCompleted, done);
    expect(told(raised)).toEqual([['ExperienceAwarded', { user_id, experience_points: 100, source_type: 'quest', source_id: 42, reason: 'Quest completed' }]]);
    expect(raised[0]).toMatchObject({ causationId: done.eventId, correlationId: done.correlationId });
    expect(await totalOf(bench.database, user_id)).toBe(100);
  });

  it('D-2: the same event books nothing twice, neither later nor in one batch', async () => {
    const user_id = ++person;
    const done = quest(user_id, 600);
    expect(await bench.handle(whenQuestCompleted, done, done)).toHaveLength(1);
    expect(await bench.handle(whenQuestCompleted, done)).toHaveLength(1);
    expect(await totalOf(bench.database, user_id)).toBe(600);
  });

  it('D-4, E-4: two events of one user in one batch build on each other, beside those of another', async () => {
    const [one, other] = [++person, ++person];
    const raised = await bench.handle(whenQuestCompleted, quest(one, 600), quest(other, 2_500), quest(one, 600));
    expect(told(raised).map(([name, payload]) => [name, payload])).toEqual([
      ['ExperienceAwarded', expect.objectContaining({ user_id: one, experience_points: 600 })],
      ['ExperienceAwarded', expect.objectContaining({ user_id: other, experience_points: 2_500 })],
      ['LevelUp', { user_id: other, previous_level: 1, new_level: 3, total_experience: 2_500 }],
      ['ExperienceAwarded', expect.objectContaining({ user_id: one, experience_points: 600 })],
      ['LevelUp', { user_id: one, previous_level: 1, new_level: 2, total_experience: 1_200 }],
    ]);
  });

  it('E-4: rebuilt, tells of no level up to the highest that the earlier life told of, whatever the order of awards', async () => {
    const user_id = ++person;
    const [small, large, later] = [quest(user_id, 900), quest(user_id, 3_100), quest(user_id, 1_000)];
    expect(told(await bench.handle(whenQuestCompleted, small, large)).filter(([name]) => name === 'LevelUp')).toMatchObject([['LevelUp', { new_level: 5 }]]);
    // What a rebuilt service finds: its own events under epoch 0, and nothing else.
    await bench.database.query('UPDATE event_log SET epoch = 0 WHERE key = $1', [String(user_id)]);
    for (const table of ['experience', 'experience_ledger', 'inbox']) await bench.database.query(`DELETE FROM ${table} ${table === 'inbox' ? '' : `WHERE user_id = ${user_id}`}`);
    await bench.handle(whenQuestCompleted, large, small);
    expect([await bench.eventLog.count({ types: [LevelUp], key: String(user_id) }), await totalOf(bench.database, user_id)]).toEqual([1, 4_000]);
    expect(told(await bench.handle(whenQuestCompleted, later)).at(-1)).toMatchObject(['LevelUp', { previous_level: 5, new_level: 6 }]);
  });

  it('D-5: every source books under its own type and id', async () => {
    const user_id = ++person;
    const sources = [
      ...(await bench.handle(new BookExperienceWhenHabitCompleted(), eventOf(HabitCompleted, { user_id, habit_id: 2, completion_date: '2026-11-21', streak_count: 1, experience_reward: 10, habit_name: 'Read' }))),
      ...(await bench.handle(new BookExperienceWhenHabitStreakAchieved(), eventOf(HabitStreakAchieved, { user_id, habit_id: 2, streak_count: 7, streak_type: 'week', bonus_experience: 20 }))),
      ...(await bench.handle(new BookExperienceWhenSkillPracticed(), eventOf(SkillPracticed, { user_id, skill_id: 3, practice_duration: 60, experience_gained: 30, practice_timestamp: at }))),
      ...(await bench.handle(new BookExperienceWhenAchievementUnlocked(), achievement(user_id, 40))),
    ];
    expect(told(sources).map(([, payload]) => payload)).toMatchObject([
      { source_type: 'habit', source_id: 2, experience_points: 10, reason: 'Habit kept up: Read' },
      { source_type: 'habit_streak', source_id: 2, experience_points: 20 },
      { source_type: 'skill', source_id: 3, experience_points: 30 },
      { source_type: 'achievement', source_id: 7, experience_points: 40 },
    ]);
    expect(await totalOf(bench.database, user_id)).toBe(100);
  });

  it('D-5: a reward of 0 books nothing and raises nothing', async () => {
    const user_id = ++person;
    expect(await bench.handle(whenQuestCompleted, quest(user_id, 0))).toEqual([]);
    expect(await totalOf(bench.database, user_id)).toBe(0);
  });

  it('D-2: the total stops at its cap', async () => {
    const user_id = ++person;
    await bench.database.query('INSERT INTO experience VALUES ($1, $2)', [user_id, largestTotal - 1]);
    expect(told(await bench.handle(whenQuestCompleted, quest(user_id, 500)))).toHaveLength(1);
    expect(await totalOf(bench.database, user_id)).toBe(largestTotal);
  });
});

describe('D-6: notices', () => {
  it('come once for each event of five kinds', async () => {
    const user_id = ++person;
    const levelUp = eventOf(LevelUp, { user_id, previous_level: 1, new_level: 2, total_experience: 1_000 });
    await bench.handle(new NotifyWhenLevelUp(), levelUp, levelUp);
    await bench.handle(new NotifyWhenLevelUp(), levelUp);
    await bench.handle(new NotifyWhenAchievementUnlocked(), achievement(user_id, 0));
    await bench.handle(new NotifyWhenTitleUnlocked(), eventOf(TitleUnlocked, { user_id, title_id: 1, title_name: 'Beginner', unlock_conditions: {}, unlock_timestamp: at }));
    await bench.handle(new NotifyWhenBadgeEarned(), eventOf(BadgeEarned, { user_id, badge_id: 1, badge_name: 'Early Bird', badge_category: 'habits', earned_timestamp: at }));
    await bench.handle(new NotifyWhenStatMilestoneReached(), eventOf(StatMilestoneReached, { user_id, stat_type: 'core', stat_name: 'wisdom', milestone_value: 20, milestone_type: 'level' }));
    const notices = await noticesOf(bench.database, user_id, page());
    expect(notices.map(({ kind }) => kind).sort()).toEqual(['achievement', 'badge', 'level_up', 'milestone', 'title']);
    expect(await unreadCountOf(bench.database, user_id, at)).toBe(5);
  });

  it('stand unread first, and within that the newest first', async () => {
    const user_id = ++person;
    const reach = (new_level: number, minute: number) =>
      eventOf(LevelUp, { user_id, previous_level: new_level - 1, new_level, total_experience: 1_000 * (new_level - 1) }, new Date(at.getTime() + minute * 60_000));
    await bench.handle(new NotifyWhenLevelUp(), reach(2, 0), reach(3, 1), reach(4, 2));
    const [newest] = await noticesOf(bench.database, user_id, page(1));
    await markAsRead(bench.database, newest?.notification_id ?? 0, at);
    expect((await noticesOf(bench.database, user_id, page())).map(({ title, read }) => [title, read])).toEqual([
      ['Level 3 reached', false],
      ['Level 2 reached', false],
      ['Level 4 reached', true],
    ]);
    expect(await noticesOf(bench.database, user_id, page(1, 1))).toMatchObject([{ title: 'Level 2 reached' }]);
  });
});

describe('D-1: user ids after a rebuild', () => {
  it('are not given twice: the sequence passes those of old sign-ups, and never goes back', async () => {
    const registered = (user_id: number) => eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: at });
    await bench.handle(new ReserveUserIdWhenUserRegistered(), registered(500), registered(700), registered(600));
    expect(await allocateUserId(bench.database)).toBe(701);
    await bench.handle(new ReserveUserIdWhenUserRegistered(), registered(5));
    expect(await allocateUserId(bench.database)).toBe(702);
  });
});
