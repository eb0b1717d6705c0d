import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExperienceAwarded, HabitCompleted, LevelUp, QuestCompleted, SkillLevelUp, SkillPracticed, UserProfileUpdated, UserRegistered } from '@lifeos/contracts';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { timeZoneOf } from '@lifeos/service';
import { coreStatsOf } from '../read-models/core-stats-view.js';
import { totalExperienceOf } from '../read-models/user-level.js';
import { BookExperienceWhenHabitCompleted } from './book-experience-when-habit-completed.js';
import { BookExperienceWhenQuestCompleted } from './book-experience-when-quest-completed.js';
import { BookExperienceWhenSkillPracticed } from './book-experience-when-skill-practiced.js';
import { GiveCoreStatsWhenUserRegistered } from './give-core-stats-when-user-registered.js';
import { MirrorExperienceWhenExperienceAwarded } from './mirror-experience-when-experience-awarded.js';
import { RecordLevelWhenLevelUp } from './record-level-when-level-up.js';
import { RecordSkillLevelWhenSkillLevelUp } from './record-skill-level-when-skill-level-up.js';
import { RememberTimeZoneWhenUserProfileUpdated } from './remember-time-zone-when-user-profile-updated.js';
import { RememberTimeZoneWhenUserRegistered } from './remember-time-zone-when-user-registered.js';

const at = new Date('2026-11-21T12:00:00Z');
const questDone = (user_id: number, experience_reward: number, quest_type: 'main' | 'daily' = 'main') =>
  eventOf(QuestCompleted, { user_id, quest_id: 1, quest_type, experience_reward, completion_timestamp: at, auto_completed: false });
const habitDone = (user_id: number, experience_reward: number) =>
  eventOf(HabitCompleted, { user_id, habit_id: 1, completion_date: '2026-11-21', streak_count: 1, experience_reward });
const practiced = (user_id: number, experience_gained: number, category: string) =>
  eventOf(SkillPracticed, { user_id, skill_id: 1, practice_duration: 60, experience_gained, practice_timestamp: at, category: category as '' });
const awarded = (user_id: number, experience_points: number) =>
  eventOf(ExperienceAwarded, { user_id, experience_points, source_type: 'quest', source_id: 1, reason: 'Quest completed' });
const registered = (user_id: number) => eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: at });

const whenQuestCompleted = new BookExperienceWhenQuestCompleted();
const whenHabitCompleted = new BookExperienceWhenHabitCompleted();
const whenSkillPracticed = new BookExperienceWhenSkillPracticed();
const whenRegistered = new GiveCoreStatsWhenUserRegistered();
const whenAwarded = new MirrorExperienceWhenExperienceAwarded();

let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const everything = async (userId: number) => {
  const { rows } = await bench.database.query('SELECT stat_name, value, experience FROM core_stats WHERE user_id = $1 ORDER BY stat_name', [userId]);
  return { rows, total: await totalExperienceOf(bench.database, userId) };
};

describe('S-1: the six core stats', () => {
  it('start at 10 on sign-up', async () => {
    const user = ++person;
    await bench.handle(whenRegistered, registered(user));
    expect(await coreStatsOf(bench.database, user)).toEqual({
      user_id: user,
      core_stats: { strength: 10, endurance: 10, agility: 10, intelligence: 10, wisdom: 10, charisma: 10 },
      experience_points: 0,
      level: 1,
      stat_total: 60,
      stat_average: 10,
    });
  });

  it('keep what was gained before the sign-up was heard of', async () => {
    const user = ++person;
    await bench.handle(whenQuestCompleted, questDone(user, 100));
    expect(await coreStatsOf(bench.database, user)).toBeNull();
    await bench.handle(whenRegistered, registered(user), registered(++person));
    expect(await coreStatsOf(bench.database, user)).toMatchObject({ core_stats: { intelligence: 11, wisdom: 10 }, stat_total: 61, stat_average: 10.17 });
  });
});

describe('S-4, S-5: XP of a quest', () => {
  it('is told of only when a point is gained, with its cause', async () => {
    const user = ++person;
    expect(await bench.handle(whenQuestCompleted, questDone(user, 99))).toEqual([]);
    const cause = questDone(user, 1);
    expect(await bench.handle(whenQuestCompleted, cause)).toMatchObject([
      {
        type: { name: 'CoreStatUpdated' },
        causationId: cause.eventId,
        correlationId: cause.correlationId,
        payload: { user_id: user, stat_name: 'intelligence', previous_value: 10, new_value: 11, source: 'quest' },
      },
    ]);
  });

  it('S-3: each change of a batch is one event, however many points', async () => {
    const user = ++person;
    const raised = await bench.handle(whenQuestCompleted, questDone(user, 331), questDone(user, 0), questDone(user, 146), questDone(user, 1));
    expect(raised.map(({ payload }) => payload)).toMatchObject([
      { previous_value: 10, new_value: 13 },
      { previous_value: 13, new_value: 14 },
    ]);
  });

  it('S-7: every change is a line of the history', async () => {
    const user = ++person;
    await bench.handle(whenQuestCompleted, questDone(user, 100));
    const { rows } = await bench.database.query('SELECT * FROM stat_history WHERE user_id = $1', [user]);
    expect(rows).toMatchObject([
      {
        stat_type: 'core', stat_name: 'intelligence', old_value: '10', new_value: '11', difference: '1', percent: '10.00', reason: 'quest', recorded_at: at,
      },
    ]);
  });

  it('S-5: a quest of a type that this build does not know feeds nothing', async () => {
    const user = ++person;
    const event = questDone(user, 100);
    expect(await bench.handle(whenQuestCompleted, { ...event, payload: { ...event.payload, quest_type: 'a_type_of_tomorrow' } })).toEqual([]);
  });
});

describe('S-11, S-13: milestones of XP', () => {
  it('are told with their cause, once, whoever passes them', async () => {
    const user = ++person;
    const [ten, five] = [questDone(user, 1593), questDone(user, 1753)];
    expect(await bench.handle(whenQuestCompleted, ten)).toMatchObject([
      { payload: { previous_value: 10, new_value: 20 } },
      { type: { name: 'StatMilestoneReached' }, causationId: ten.eventId, payload: { stat_type: 'core', stat_name: 'intelligence', milestone_value: 20, milestone_type: 'level' } },
    ]);
    await bench.database.query(`UPDATE core_stats SET value = 19 WHERE user_id = $1 AND stat_name = 'intelligence'`, [user]);
    expect(await bench.handle(whenQuestCompleted, five)).toMatchObject([{ payload: { previous_value: 19 } }]);
  });
});

describe('S-18: E-4 and E-17', () => {
  it('are lines of the history and change no stat', async () => {
    const user = ++person;
    const levelUp = eventOf(LevelUp, { user_id: user, previous_level: 1, new_level: 3, total_experience: 2000 });
    const skillUp = eventOf(SkillLevelUp, { user_id: user, skill_id: 7, previous_level: 1, new_level: 2, total_experience: 1000, category: 'health' });
    expect(await bench.handle(new RecordLevelWhenLevelUp(), levelUp)).toEqual([]);
    expect(await bench.handle(new RecordSkillLevelWhenSkillLevelUp(), skillUp)).toEqual([]);
    const { rows } = await bench.database.query('SELECT stat_type, stat_name, old_value, new_value, reason, recorded_at FROM stat_history WHERE user_id = $1 ORDER BY history_id', [user]);
    expect(rows).toEqual([
      { stat_type: 'level', stat_name: 'level', old_value: '1', new_value: '3', reason: 'level_up', recorded_at: at },
      { stat_type: 'skill', stat_name: 'skill.7', old_value: '1', new_value: '2', reason: 'skill_level_up', recorded_at: at },
    ]);
    expect((await everything(user)).rows).toEqual([]);
  });
});

describe('E-1, E-2: the time zone of a person', () => {
  it('is the one last told; before any it is UTC', async () => {
    const user = ++person;
    expect(await timeZoneOf(bench.database, user)).toBe('UTC');
    await bench.handle(new RememberTimeZoneWhenUserRegistered(), { ...registered(user), payload: { ...registered(user).payload, time_zone: 'Europe/Berlin' } });
    const moved = (time_zone: string) => eventOf(UserProfileUpdated, { user_id: user, updated_fields: { time_zone }, previous_values: { time_zone: 'UTC' } });
    expect(await timeZoneOf(bench.database, user)).toBe('Europe/Berlin');
    await bench.handle(new RememberTimeZoneWhenUserProfileUpdated(), moved('Asia/Tokyo'), moved('Mars/Olympus'));
    expect(await timeZoneOf(bench.database, user)).toBe('Asia/Tokyo');
  });
});

it('S-5: habits feed endurance, practice the stat of its category, or none', async () => {
  const user = ++person;
  expect(await bench.handle(whenHabitCompleted, habitDone(user, 100))).toMatchObject([{ payload: { stat_name: 'endurance', source: 'habit' } }]);
  expect(await bench.handle(whenSkillPracticed, practiced(user, 100, 'social'), practiced(user, 100, ''))).toMatchObject([
    { payload: { stat_name: 'charisma', source: 'skill' } },
  ]);
});

describe('S-6: the mirror of total XP', () => {
  it('sums what dashboard booked, for each person of a batch', async () => {
    const [one, two] = [++person, ++person];
    await bench.handle(whenAwarded, awarded(one, 500), awarded(two, 20), awarded(one, 1000));
    await bench.handle(whenAwarded, awarded(one, 1));
    expect(await totalExperienceOf(bench.database, one)).toBe(1501);
    expect(await totalExperienceOf(bench.database, two)).toBe(20);
  });

  it('stops at the highest total', async () => {
    const user = ++person;
    await bench.handle(whenAwarded, awarded(user, 2_147_483_646), awarded(user, 5));
    await bench.handle(whenAwarded, awarded(user, 5));
    expect(await totalExperienceOf(bench.database, user)).toBe(2_147_483_647);
  });
});

it('is the same in whatever order the topics come', async () => {
  const [one, two] = [++person, ++person];
  const steps = (user: number) => [
    () => bench.handle(whenRegistered, registered(user)),
    () => bench.handle(whenQuestCompleted, questDone(user, 150, 'daily'), questDone(user, 75)),
    () => bench.handle(whenAwarded, awarded(user, 225)),
    () => bench.handle(whenHabitCompleted, habitDone(user, 400)),
  ];
  for (const step of steps(one)) await step();
  for (const step of steps(two).toReversed()) await step();
  expect(await everything(two)).toEqual(await everything(one));
});
