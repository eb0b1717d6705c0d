import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { journal } from '../journal.module.js';

let bench: ServiceBench;
let person = 0;
/** Stands still unless it is set. */
const clock = { time: new Date('2026-11-21T12:00:00Z'), now: () => clock.time, set: (time: Date) => void (clock.time = time) };
beforeAll(async () => {
  // The only tier that limits; no test but that of the limit writes more than ten a month.
  bench = await openServiceBench(journal, { clock, environment: { JOURNAL_TIER: 'free' } });
});
afterAll(() => bench.close());

const post = (user_id: number, over: Record<string, unknown> = {}, as: number | undefined = user_id) =>
  bench.call('/journal/entries', { method: 'POST', body: { user_id, entry_type: 'daily', title: 'A day', content: 'Rain, then sun.', ...over }, ...(as === undefined ? {} : { as }) });
const write = async (user_id: number, over: Record<string, unknown> = {}): Promise<number> => {
  const { status, body } = await post(user_id, over);
  expect([status, body['error']]).toEqual([201, undefined]);
  return Number(body['entry_id']);
};
const change = (entryId: number, as: number, body: unknown) => bench.call(`/journal/entries/${entryId}`, { method: 'PUT', as, body });
const remove = (entryId: number, as: number) => bench.call(`/journal/entries/${entryId}`, { method: 'DELETE', as });
const list = async (user: number, query = '') => (await bench.call(`/journal/entries/${user}${query}`, { as: user })).body['entries'] as Record<string, unknown>[];
const ids = async (user: number, query = '') => (await list(user, query)).map(({ entry_id }) => entry_id);
const eventsOf = async (user: number) => (await bench.events()).filter(({ key }) => key === String(user)).map(({ type, payload }) => [type.name, payload] as const);

describe('R-17: POST /journal/entries', () => {
  it('J-1, J-2: keeps the entry and publishes E-24, without the text', async () => {
    const user = ++person;
    clock.set(new Date('2028-02-29T12:00:00Z'));
    const given = { entry_type: 'milestone', title: ' First ', content: 'Rain,\nthen sun.', mood: 7, tags: ' home, work,home', related_quest_id: 5, related_achievement_id: 6 };
    const { status, body } = await post(user, given);
    const entry_id = body['entry_id'];
    const stored = { ...given, entry_id, user_id: user, tags: ['home', 'work'], word_count: 3, related_quest_title: null, created_at: '2028-02-29T12:00:00.000Z', updated_at: '2028-02-29T12:00:00.000Z' };
    expect([status, body]).toEqual([201, stored]);
    expect(await list(user)).toEqual([stored]);
    expect(await eventsOf(user)).toEqual([['JournalEntryCreated', { user_id: user, entry_id, entry_type: 'milestone', title: ' First ', word_count: 3, mood_rating: 7, tags: ['home', 'work'] }]]);
  });

  it('J-1: text may be empty, mood and tags left out', async () => {
    const user = ++person;
    expect((await post(user, { content: '' })).body).toMatchObject({ content: '', word_count: 0, mood: null, tags: [], related_quest_id: null });
    expect(await eventsOf(user)).toMatchObject([['JournalEntryCreated', { mood_rating: null, word_count: 0, tags: [] }]]);
  });

  it('J-3: shows the title of the quest that it belongs to, when that is the same person\'s', async () => {
    const user = ++person;
    await bench.database.query('INSERT INTO quest_titles VALUES ($1, $3, $4), ($2, $5, $4)', [user * 10, user * 10 + 1, user, 'Run far', user + 1]);
    expect((await post(user, { related_quest_id: user * 10 })).body).toMatchObject({ related_quest_title: 'Run far' });
    expect((await post(user, { related_quest_id: user * 10 + 1 })).body).toMatchObject({ related_quest_title: null });
  });

  it('answers 400 with every fault, and keeps and tells nothing', async () => {
    const user = ++person;
    const { status, body } = await post(user, { entry_type: 'yearly', title: ' ', mood: 11, tags: 7, secret: 1 });
    expect(status).toBe(400);
    expect((body['details'] as { field: string }[]).map(({ field }) => field).sort()).toEqual(['entry_type', 'mood', 'secret', 'tags', 'title']);
    expect([await list(user), await eventsOf(user)]).toEqual([[], []]);
  });

  it('D-9: 401 without a token, 403 for another person', async () => {
    expect((await bench.call('/journal/entries', { method: 'POST', body: {} })).status).toBe(401);
    expect((await post(++person, {}, person + 1)).status).toBe(403);
    expect((await bench.call(`/journal/entries/${person}`, { as: person + 1 })).status).toBe(403);
  });
});

describe('R-17: PUT /journal/entries/{entry_id}', () => {
  it('changes what is named and publishes E-25, without the text', async () => {
    const user = ++person;
    clock.set(new Date('2026-11-21T12:00:00Z'));
    const entry_id = await write(user, { mood: 4 });
    clock.set(new Date('2026-11-22T12:00:00Z'));
    const { status, body } = await change(entry_id, user, { content: 'Top secret words', mood: null, tags: ['b', 'a'] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ title: 'A day', content: 'Top secret words', word_count: 3, mood: null, tags: ['b', 'a'], created_at: '2026-11-21T12:00:00.000Z', updated_at: '2026-11-22T12:00:00.000Z' });
    expect((await eventsOf(user)).slice(1)).toEqual([['JournalEntryUpdated', {
      user_id: user, entry_id, updated_fields: { content: true, mood_rating: null, tags: ['b', 'a'] }, update_timestamp: new Date('2026-11-22T12:00:00Z'),
    }]]);
  });

  it('tells nothing when nothing differs', async () => {
    const user = ++person;
    const entry_id = await write(user, { mood: 4, tags: 'a,b' });
    expect((await change(entry_id, user, { title: 'A day', mood: 4, tags: ['a', 'b', 'a'] })).status).toBe(200);
    expect(await eventsOf(user)).toHaveLength(1);
  });

  it('400 for nothing or wrong values, 403 for a foreign entry, 404 for none', async () => {
    const user = ++person;
    const entry_id = await write(user);
    expect((await change(entry_id, user, {})).status).toBe(400);
    expect((await change(entry_id, user, { mood: 0 })).body).toMatchObject({ details: [{ field: 'mood' }] });
    expect((await change(entry_id, user, { user_id: user })).status).toBe(400);
    expect((await change(entry_id, ++person, { title: 'Mine' })).status).toBe(403);
    expect(await change(2 ** 40, user, { title: 'x' })).toMatchObject({ status: 404, body: { error: 'entry_not_found' } });
    expect(await list(user)).toMatchObject([{ title: 'A day' }]);
  });
});

describe('R-26: DELETE /journal/entries/{entry_id}', () => {
  it('empties the entry and publishes X-E-7', async () => {
    const user = ++person;
    const entry_id = await write(user, { mood: 3, tags: 'a' });
    expect((await remove(entry_id, ++person)).status).toBe(403);
    expect((await remove(entry_id, user)).status).toBe(204);
    expect((await remove(entry_id, user)).status).toBe(404);
    expect((await change(entry_id, user, { title: 'x' })).status).toBe(404);
    expect(await list(user)).toEqual([]);
    expect((await eventsOf(user)).slice(1)).toEqual([['JournalEntryDeleted', { user_id: user, entry_id }]]);
    const { rows } = await bench.database.query('SELECT title, content, mood, tags FROM entries WHERE entry_id = $1', [entry_id]);
    expect(rows).toEqual([{ title: '', content: null, mood: null, tags: [] }]);
  });
});

describe('J-2: the list', () => {
  it('comes newest first, by type and tag, in pages', async () => {
    const user = ++person;
    clock.set(new Date('2026-11-21T12:00:00Z'));
    const first = await write(user, { tags: 'a' });
    const second = await write(user, { entry_type: 'weekly', tags: 'a,b' });
    clock.set(new Date('2026-11-20T12:00:00Z'));
    const older = await write(user, { tags: 'b' });
    expect(await ids(user)).toEqual([second, first, older]);
    expect(await ids(user, '?type=daily')).toEqual([first, older]);
    expect(await ids(user, '?tag=b')).toEqual([second, older]);
    expect(await ids(user, '?tag=b&type=daily')).toEqual([older]);
    expect(await ids(user, '?tag=nobody')).toEqual([]);
    expect(await ids(user, '?limit=1&offset=1')).toEqual([first]);
    expect(await ids(++person)).toEqual([]);
  });

  it.each(['type=yearly', 'limit=0', 'limit=201', 'offset=-1', 'tag=', 'order=title'])('refuses ?%s', async (query) => {
    expect((await bench.call(`/journal/entries/1?${query}`, { as: 1 })).status).toBe(400);
  });
});

describe('J-2: tier free', () => {
  it('allows ten entries a calendar month of the person; what was deleted gives its place back', async () => {
    const user = ++person;
    await bench.database.query(`INSERT INTO time_zones VALUES ($1, 'America/Los_Angeles')`, [user]);
    // Still December there.
    clock.set(new Date('2027-01-01T07:59:59Z'));
    const made: number[] = [];
    for (let count = 0; count < 10; count += 1) made.push(await write(user));
    expect(await post(user)).toMatchObject({ status: 403, body: { error: 'too_many_entries' } });
    expect(await eventsOf(user)).toHaveLength(10);
    await remove(made[0] ?? 0, user);
    await write(user);
    expect((await post(user)).status).toBe(403);
    clock.set(new Date('2027-01-01T08:00:00Z'));
    await write(user);
  });

  it('of many at once lets ten through', async () => {
    const user = ++person;
    clock.set(new Date('2027-02-28T12:00:00Z'));
    const answers = await Promise.all(Array.from({ length: 13 }, () => post(user)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(await list(user)).toHaveLength(10);
  });
});
