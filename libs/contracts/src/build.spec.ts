import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  AchievementProgressUpdated, type AnyEventType, AutoCompletionTriggered, BalanceShiftDetected, CoreStatUpdated, ExternalDataReceived, HabitStreakAchieved, InsightGenerated,
  InvalidEvent, JournalEntryCreated, JournalEntryUpdated, LevelUp, LifeStatUpdated, PredictionGenerated, QuestChainUnlocked, QuestCompleted,
  QuestCreated, QuestStatusChanged, ReflectionPromptSuggested, SkillLevelUp, SkillPracticed, SkillRecommendationGenerated, StatMilestoneReached,
  UserDeletionRequested, UserProfileUpdated, UserRegistered,
} from './index.js';
import { payloadArbitrary } from './testing/index.js';

/** A right payload of a type, the same in every run. */
const right = (type: AnyEventType): Record<string, unknown> => fc.sample(payloadArbitrary(type), { numRuns: 1, seed: 7 })[0] ?? {};

function faultsOf(type: AnyEventType, input: object): Record<string, string> {
  try {
    type.build(input);
    return {};
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error;
    return Object.fromEntries(error.faults.map(({ field, message }) => [field, message]));
  }
}

const faultsWith = (type: AnyEventType, changes: object): Record<string, string> => faultsOf(type, { ...right(type), ...changes });

describe('building an event', () => {
  it('names every missing, unknown and wrong field at once', () => {
    const faults = faultsOf(QuestCreated, {
      user_id: 0, quest_type: 'huge', title: ' ', experience_reward: 1.5, due_date: '2023-02-29', colour: 'red',
      auto_completion_rules: [{ source: '', metric: 'task.completed', operator: '!', threshold: Number.NaN, unit: 'h' }],
    });
    expect(Object.keys(faults).sort()).toEqual([
      'auto_completion_rules[0].operator', 'auto_completion_rules[0].source', 'auto_completion_rules[0].threshold', 'auto_completion_rules[0].unit',
      'colour', 'difficulty', 'due_date', 'experience_reward', 'quest_id', 'quest_type', 'title', 'user_id',
    ]);
    expect(faults.quest_id).toBe('is missing');
    expect(faults.colour).toBe('is not a field of this event');
    expect(faults.experience_reward).toBe('must be a whole number that a double holds exactly, is 1.5');
  });

  it('is a lasting refusal that names event, version and values', () => {
    expect(() => LevelUp.build({ user_id: 1, previous_level: 0, new_level: 3, total_experience: 2500 })).toThrow(
      expect.objectContaining({ code: 'INVALID_EVENT', retryable: false, message: 'LevelUp 1.0.0 is not valid: previous_level must be at least 1, is 0' }),
    );
  });

  it('keeps the values of personal fields out of the message', () => {
    expect(faultsWith(UserRegistered, { email: 'someone-at-example' }).email).toBe('must match ^[^@]+@[^@]+$');
  });

  it('fills what has a default and was left out, each time anew', () => {
    const { status, due_date, auto_completion_rules, ...older } = right(QuestCreated);
    const [one, two] = [QuestCreated.fromJson(older as never), QuestCreated.fromJson(older as never)];
    expect(one).toMatchObject({ status: 'active', due_date: null, auto_completion_rules: [] });
    expect(one.auto_completion_rules).not.toBe(two.auto_completion_rules);
    expect([status, due_date, auto_completion_rules]).not.toContain(undefined);
  });

  it('takes a copy, so that a later change of the input does not reach the event', () => {
    const tags = ['a'];
    const updated_fields = { title: { text: 'old' } };
    const entry = JournalEntryCreated.build({ user_id: 1, entry_id: 1, entry_type: 'daily', title: 't', word_count: 0, tags });
    const update = JournalEntryUpdated.build({ user_id: 1, entry_id: 1, updated_fields, update_timestamp: new Date(0) });
    tags.push('b');
    updated_fields.title.text = 'new';
    expect(entry.tags).toEqual(['a']);
    expect(update.updated_fields).toEqual({ title: { text: 'old' } });
  });

  it.each([
    ['E-9 title of 200 characters, not UTF-16 units', QuestCreated, { title: '😀'.repeat(200) }, {}],
    ['E-9 title of 201', QuestCreated, { title: 'x'.repeat(201) }, { title: 'must have at most 200 characters' }],
    ['half a surrogate pair', QuestCreated, { title: 'a\ud800' }, { title: 'holds half a surrogate pair' }],
    ['U+0000', QuestCreated, { title: 'a\u0000' }, { title: 'holds the character U+0000' }],
    ['E-1 time zone', UserRegistered, { time_zone: 'Mars/Olympus' }, { time_zone: 'must be an IANA time zone' }],
    ['E-12 duplicates', QuestChainUnlocked, { unlocked_quest_ids: [3, 3] }, { unlocked_quest_ids: 'must not hold an item twice' }],
    ['E-12 empty', QuestChainUnlocked, { unlocked_quest_ids: [] }, { unlocked_quest_ids: 'must have at least 1 item' }],
    ['E-16 a whole day', SkillPracticed, { practice_duration: 1441 }, { practice_duration: 'must be at most 1440, is 1441' }],
    ['E-19 six', SkillRecommendationGenerated, { recommended_skill_ids: [1, 2, 3, 4, 5, 6] }, { recommended_skill_ids: 'must have at most 5 items' }],
    ['E-23 places', AchievementProgressUpdated, { progress_percentage: 33.333 }, { progress_percentage: 'must have at most 2 decimal places, is 33.333' }],
    ['E-26 confidence of 0.7', InsightGenerated, { confidence_score: 0.7 }, { confidence_score: 'must be above 0.7, is 0.7' }],
    ['E-28 low_mood', ReflectionPromptSuggested, { trigger_event: 'low_mood' }, {}],
    ['E-34 upper case', AutoCompletionTriggered, { trigger_source: 'Strava' }, { trigger_source: 'must match ^[^A-Z]+$, is "Strava"' }],
    ['E-36 item of a list', BalanceShiftDetected, { affected_areas: ['health', 'sport'] }, { 'affected_areas[1]': 'must be one of "health", "wealth", "relationships", is "sport"' }],
    ['E-31 1001 points', ExternalDataReceived, { data_points: Array.from({ length: 1001 }, () => ({ metric: 'm', value: 1, unit: 'u', recorded_at: new Date(0) })) }, { data_points: 'must have at most 1000 items' }],
    ['an invalid Date', QuestCompleted, { completion_timestamp: new Date(Number.NaN) }, { completion_timestamp: 'must be a valid Date, in JSON an ISO 8601 time in UTC, is Date' }],
    ['a time before what Avro carries', QuestCompleted, { completion_timestamp: new Date(-8.64e15) }, { completion_timestamp: expect.stringContaining('must be a valid Date') }],
    ['E-6 five places', LifeStatUpdated, { new_value: 0.00001 }, { new_value: 'must be a number of at most 4 decimal places and 15 digits, is 0.00001' }],
    ['E-6 more than a double holds', LifeStatUpdated, { new_value: 1e12 }, { new_value: expect.stringContaining('15 digits') }],
    ['E-37 a value that JSON lacks', PredictionGenerated, { forecast_data: { points: [1, undefined] } }, { forecast_data: 'holds a undefined at points[1], which JSON lacks' }],
    ['E-37 a Date in JSON', PredictionGenerated, { forecast_data: { at: new Date() } }, { forecast_data: 'holds a object at at, which JSON lacks' }],
    ['E-2 a field that D-3 does not name', UserProfileUpdated, { updated_fields: { xp: 1 }, previous_values: { xp: 1 } }, { updated_fields: expect.stringContaining('must not have the key "xp"'), previous_values: expect.anything() }],
  ])('%s', (_name, type: AnyEventType, changes, faults) => {
    expect(faultsWith(type, changes)).toEqual(faults);
  });

  it('refuses JSON that goes round in a circle', () => {
    const forecast_data: Record<string, unknown> = {};
    forecast_data.again = forecast_data;
    expect(faultsWith(PredictionGenerated, { forecast_data })).toEqual({ forecast_data: 'is nested deeper than 64 levels' });
  });
});

describe('rules between fields', () => {
  it.each([
    ['E-2 other keys', UserProfileUpdated, { updated_fields: { bio: 'a' }, previous_values: { email: 'b' } }, 'previous_values'],
    ['E-4 no higher level', LevelUp, { previous_level: 3, new_level: 3 }, 'new_level'],
    ['E-5 the same value', CoreStatUpdated, { previous_value: 10, new_value: 10 }, 'new_value'],
    ['E-6 a part of another area (S-8)', LifeStatUpdated, { category: 'health', subcategory: 'romance' }, 'subcategory'],
    ['E-7 a life stat called core', StatMilestoneReached, { stat_type: 'core', stat_name: 'health.physical', milestone_type: 'level' }, 'stat_name'],
    ['E-7 a level of a life stat', StatMilestoneReached, { stat_type: 'life', stat_name: 'health.physical', milestone_type: 'level' }, 'milestone_type'],
    ['E-14 another length (H-7)', HabitStreakAchieved, { streak_count: 7, streak_type: 'year' }, 'streak_type'],
    ['E-17 no higher level', SkillLevelUp, { previous_level: 5, new_level: 4 }, 'new_level'],
    ['E-23 more than asked for', AchievementProgressUpdated, { current_progress: 11, required_progress: 10 }, 'current_progress'],
    ['E-25 the text itself', JournalEntryUpdated, { updated_fields: { content: 'dear diary' } }, 'updated_fields'],
    ['E-37 bounds the wrong way round', PredictionGenerated, { confidence_interval: [2, 1] }, 'confidence_interval'],
    ['X-E-2 the same status', QuestStatusChanged, { previous_status: 'active', new_status: 'active' }, 'new_status'],
    ['X-E-3 due before it was asked', UserDeletionRequested, { requested_at: new Date(1), due_by: new Date(0) }, 'due_by'],
  ])('%s', (_name, type: AnyEventType, changes, field) => {
    expect(Object.keys(faultsWith(type, changes))).toEqual([field]);
    expect(faultsOf(type, right(type))).toEqual({});
  });

  it('are left out while one of their fields is wrong by itself', () => {
    expect(faultsWith(CoreStatUpdated, { previous_value: 0, new_value: 0 })).toEqual({
      previous_value: 'must be at least 1, is 0',
      new_value: 'must be at least 1, is 0',
    });
  });
});

describe('the JSON form', () => {
  const json = { user_id: 1, quest_id: 2, quest_type: 'daily', experience_reward: 25, completion_timestamp: '2026-02-28T23:59:59Z', auto_completed: true };

  it('restores every datetime', () => {
    expect(QuestCompleted.fromJson(json).completion_timestamp).toEqual(new Date('2026-02-28T23:59:59Z'));
    expect(QuestCompleted.toJson(QuestCompleted.fromJson(json))).toEqual({ ...json, completion_timestamp: '2026-02-28T23:59:59.000Z' });
  });

  it.each(['2026-02-30T00:00:00Z', '2026-02-28T00:00:00', '2026-02-28T00:00:00+01:00', '2026-02-28', 'yesterday', 5])('refuses %p as a datetime', (completion_timestamp) => {
    expect(() => QuestCompleted.fromJson({ ...json, completion_timestamp })).toThrow(/completion_timestamp must be a valid Date/);
  });
});
