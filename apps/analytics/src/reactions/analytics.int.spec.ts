import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LevelUp, QuestCompleted, UserRegistered } from '@lifeos/contracts';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { activityOf } from '../read-models/activity.js';
import { CountActivityWhenAnythingHappened } from './count-activity-when-anything-happened.js';

const always = new CountActivityWhenAnythingHappened();
const questDone = (user_id: number, when: string) =>
  eventOf(QuestCompleted, { user_id, quest_id: 1, quest_type: 'side', experience_reward: 1, completion_timestamp: new Date(when), auto_completed: false }, new Date(when));
const levelUp = (user_id: number, when: string) =>
  eventOf(LevelUp, { user_id, previous_level: 1, new_level: 2, total_experience: 1000 }, new Date(when));
const registered = (user_id: number, when: string) =>
  eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: new Date(when) }, new Date(when));

let bench: ReactionBench;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

describe('AN-9: activity', () => {
  it('is counted by person, UTC day and name, over batches', async () => {
    await bench.handle<ReturnType<typeof levelUp> | ReturnType<typeof questDone> | ReturnType<typeof registered>>(
      always,
      registered(1, '2026-11-20T10:00:00Z'),
      questDone(1, '2026-11-20T23:59:59.999Z'),
      questDone(1, '2026-11-21T00:00:00.000Z'),
      questDone(1, '2026-11-21T12:00:00Z'),
      levelUp(1, '2026-11-22T12:00:00Z'),
      questDone(2, '2026-11-21T12:00:00Z'),
    );
    await bench.handle(always, questDone(1, '2026-11-21T13:00:00Z'));
    expect(await activityOf(bench.database, 1, new Date('2026-11-20T15:00:00Z'))).toEqual([
      { day: '2026-11-20', active: true, events: { QuestCompleted: 1, UserRegistered: 1 } },
      { day: '2026-11-21', active: true, events: { QuestCompleted: 3 } },
      { day: '2026-11-22', active: false, events: { LevelUp: 1 } },
    ]);
    expect(await activityOf(bench.database, 2, new Date('2026-11-22T00:00:00Z'))).toEqual([]);
  });

  it('is the same in whatever order events come', async () => {
    const events = (user: number) => ['20', '21', '21', '22'].map((day) => questDone(user, `2026-11-${day}T10:00:00Z`));
    await bench.handle(always, ...events(3));
    for (const event of events(4).toReversed()) await bench.handle(always, event);
    const since = new Date('2026-11-01T00:00:00Z');
    expect(await activityOf(bench.database, 4, since)).toEqual(await activityOf(bench.database, 3, since));
  });
});
