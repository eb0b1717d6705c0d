import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { HabitCreated, QuestCreated, UserProfileUpdated, UserRegistered } from '@lifeos/contracts';
import { timeZoneOf } from '../read-models/time-zones.js';
import { RememberTimeZoneWhenUserProfileUpdated } from './remember-time-zone-when-user-profile-updated.js';
import { RememberTimeZoneWhenUserRegistered } from './remember-time-zone-when-user-registered.js';
import { ReserveHabitIdWhenHabitCreated } from './reserve-habit-id-when-habit-created.js';
import { ReserveQuestIdWhenQuestCreated } from './reserve-quest-id-when-quest-created.js';

let bench: ReactionBench;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const registered = (user_id: number, time_zone: string) =>
  eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: new Date('2026-11-21T12:00:00Z'), time_zone });
const updated = (user_id: number, updated_fields: Record<string, string>) => eventOf(UserProfileUpdated, { user_id, updated_fields, previous_values: { ...updated_fields } });
const next = async (sequence: string) => Number((await bench.database.query<{ id: string }>(`SELECT nextval('${sequence}') AS id`)).rows[0]?.id);

describe('E-1, E-2: the time zone of a person', () => {
  it('is the one last told; a name that nobody knows changes nothing; before any it is UTC', async () => {
    expect(await timeZoneOf(bench.database, 1)).toBe('UTC');
    await bench.handle(new RememberTimeZoneWhenUserRegistered(), registered(1, 'Europe/Berlin'));
    expect(await timeZoneOf(bench.database, 1)).toBe('Europe/Berlin');
    await bench.handle(new RememberTimeZoneWhenUserProfileUpdated(), updated(1, { bio: 'x' }), updated(1, { time_zone: 'Asia/Tokyo' }), updated(2, { time_zone: 'Mars/Olympus' }));
    expect(await timeZoneOf(bench.database, 2)).toBe('UTC');
    expect(await timeZoneOf(bench.database, 1)).toBe('Asia/Tokyo');
  });
});

describe('a rebuilt service', () => {
  it('gives no quest id or habit id twice, the very first neither', async () => {
    const quest = (quest_id: number) => eventOf(QuestCreated, { user_id: 1, quest_id, quest_type: 'main', title: 'x', difficulty: 'easy', experience_reward: 1 });
    await bench.handle(new ReserveQuestIdWhenQuestCreated(), quest(1));
    expect(await next('quest_ids')).toBe(2);
    await bench.handle(new ReserveHabitIdWhenHabitCreated(), eventOf(HabitCreated, { user_id: 1, habit_id: 41, name: 'x', frequency: 'daily', experience_reward: 1 }));
    expect(await next('habit_ids')).toBe(42);
  });
});
