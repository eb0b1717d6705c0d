import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { JournalEntryCreated, QuestCompleted, QuestCreated } from '@lifeos/contracts';
import { SleepLogged, SleepLoggedV3, workedMajors } from '@lifeos/contracts/testing';
import { derivedEventId, newEventId } from '@lifeos/events';
import { ConcurrencyError, EventLog, EventTooLarge, KeyNotLocked, loadSnapshot, saveSnapshot } from './index.js';
import { appendAll, openTestLog, questCompleted, until } from './testing/test-log.js';
import type { TestLog } from './testing/test-log.js';

let test: TestLog;

beforeAll(async () => {
  test = await openTestLog();
});

afterAll(() => test.end());

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const reason = (promise: Promise<unknown>) => promise.then(() => null, (error: unknown) => error);
const stream = () => `quest-${newEventId()}`;
const appendTo = (name: string, expectedVersion: number, ids: number[]) =>
  test.db.transaction({ keys: ['1'] }, async (tx) => test.log.appendToStream(tx, { stream: name, expectedVersion }, ids.map((id) => questCompleted(1, id))));

describe('append', () => {
  it('P-19: writes with the state, and nothing when the transaction fails', async () => {
    const [kept, lost] = [questCompleted(2, 1), questCompleted(2, 2)];
    await appendAll(test, [kept]);
    await reason(test.db.transaction({ keys: ['2'] }, async (tx) => { test.log.append(tx, [lost]); throw new Error('no'); }));
    expect((await collect(test.log.readAll({ key: '2' }))).map(({ eventId }) => eventId)).toEqual([kept.eventId]);
  });

  it('gives back what was appended', async () => {
    const event = questCompleted(3, 9, { correlationId: 'a "quoted", {braced} \\ flow', causationId: newEventId(), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });
    await appendAll(test, [event]);
    const [stored] = await collect(test.log.readAll({ key: '3' }));
    expect(stored).toMatchObject({ ...event, source: 'quests', version: QuestCompleted.version, stream: null, streamVersion: null });
  });

  it('keeps the order of the calls, across event types and keys', async () => {
    const events = Array.from({ length: 60 }, (_, i) => questCompleted(40 + (i % 3), i + 1));
    await test.db.transaction({ keys: ['40', '41', '42'] }, async (tx) => events.forEach((event) => test.log.append(tx, [event])));
    const stored = (await collect(test.log.readAll({ from: new Date(0) }, { pageSize: 7 }))).filter(({ key }) => key.startsWith('4'));
    expect(stored.map(({ eventId }) => eventId)).toEqual(events.map(({ eventId }) => eventId));
  });

  it('refuses an event whose key the transaction has not locked', async () => {
    const error = await reason(test.db.transaction({ keys: ['5'] }, async (tx) => test.log.append(tx, [questCompleted(6, 1)])));
    expect(error).toBeInstanceOf(KeyNotLocked);
    expect((error as Error).message).toBe('QuestCompleted cannot be appended: its key "6" is not locked; name it in the transaction\'s keys');
  });

  it('refuses an event that the broker would refuse for its size, naming the limit', async () => {
    const small = new EventLog({ database: test.db, service: 'quests', types: [], maxRecordBytes: 1_000 });
    const payload = QuestCreated.build({ user_id: 1, quest_id: 1, quest_type: 'main', title: 'x'.repeat(200), difficulty: 'easy', experience_reward: 1 });
    const event = { ...questCompleted(1, 1, { correlationId: 'c'.repeat(600) }), type: QuestCreated, payload };
    const error = await reason(test.db.transaction({ keys: ['1'] }, async (tx) => small.append(tx, [event])));
    expect(error).toBeInstanceOf(EventTooLarge);
    expect((error as Error).message).toMatch(/^QuestCreated takes 1\d\d\d bytes with its headers, the limit is 1000 bytes/);
  });

  it('appends an id that is in the log already no second time', async () => {
    const eventId = derivedEventId({ context: 'quests', eventName: 'QuestCompleted', userId: 7, fact: '1' });
    await appendAll(test, [questCompleted(7, 1, { eventId })]);
    await appendAll(test, [questCompleted(7, 1, { eventId }), questCompleted(7, 2), questCompleted(7, 2, { eventId })]);
    expect(await test.log.count({ key: '7' })).toBe(2);
  });

  it('takes back what was appended in a savepoint that is undone', async () => {
    await test.db.transaction({ keys: ['8'] }, async (tx) => {
      test.log.append(tx, [questCompleted(8, 1)]);
      await reason(tx.savepoint(async () => { test.log.append(tx, [questCompleted(8, 2)]); throw new Error('no'); }));
      await tx.savepoint(async () => test.log.append(tx, [questCompleted(8, 3)]));
    });
    const stored = await collect(test.log.readAll({ key: '8', types: [QuestCompleted] }));
    expect(stored.map(({ payload }) => 'quest_id' in payload && payload.quest_id)).toEqual([1, 3]);
  });

  it('includes what hooks append', async () => {
    await test.db.transaction({ keys: ['9'] }, async (tx) => {
      test.log.append(tx, [questCompleted(9, 1)]);
      tx.beforeCommit(async () => { test.log.append(tx, [questCompleted(9, 2)]); tx.beforeCommit(async () => test.log.append(tx, [questCompleted(9, 3)])); });
    });
    expect(await test.log.count({ key: '9' })).toBe(3);
  });

  it('tells its listeners after the commit, and only then', async () => {
    let told = 0;
    const end = test.log.onAppended(() => void told++);
    await appendAll(test, [questCompleted(10, 1)]);
    await reason(test.db.transaction({ keys: ['10'] }, async (tx) => { test.log.append(tx, [questCompleted(10, 2)]); throw new Error('no'); }));
    await test.db.transaction({ keys: ['10'] }, async () => undefined);
    end();
    await appendAll(test, [questCompleted(10, 3)]);
    expect(told).toBe(1);
  });
});

describe('streams', () => {
  it('P-12: number their events from 1', async () => {
    const name = stream();
    await appendTo(name, 0, [1, 2]);
    await appendTo(name, 2, [3]);
    const events = await test.log.readStream(name);
    expect(events.map(({ streamVersion }) => streamVersion)).toEqual([1, 2, 3]);
    expect(await test.log.currentVersion(name)).toBe(3);
    expect(await test.log.currentVersion('none')).toBe(0);
    expect((await test.log.readStream(name, { from: 2, to: 2 })).map(({ payload }) => payload)).toEqual([events[1]?.payload]);
  });

  it.each([[0, 2], [1, 2], [3, 2]])('P-13: refuse version %i when they stand at %i, and nothing is written', async (expected, actual) => {
    const name = stream();
    await appendTo(name, 0, [1, 2]);
    const total = await test.log.count();
    const error = await reason(test.db.transaction({ keys: ['1'] }, async (tx) => {
      test.log.append(tx, [questCompleted(1, 99)]);
      test.log.appendToStream(tx, { stream: name, expectedVersion: expected }, [questCompleted(1, 3)]);
    }));
    expect(error).toBeInstanceOf(ConcurrencyError);
    expect((error as Error).message).toContain(`is at version ${actual}, not ${expected}`);
    expect(await test.log.count()).toBe(total);
  });

  it('P-13: let one of two writers win who hold different keys', async () => {
    const name = stream();
    const write = (key: number) => test.db.transaction({ keys: [String(key)] }, async (tx) => {
      test.log.appendToStream(tx, { stream: name, expectedVersion: 0 }, [questCompleted(key, 1)]);
    });
    const results = await Promise.allSettled([write(11), write(12), write(13)]);
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(errors).toHaveLength(2);
    for (const error of errors) expect(error).toBeInstanceOf(ConcurrencyError);
    expect(await test.log.currentVersion(name)).toBe(1);
  });

  it('take several appends of one transaction', async () => {
    const name = stream();
    await test.db.transaction({ keys: ['1'] }, async (tx) => {
      test.log.appendToStream(tx, { stream: name, expectedVersion: 0 }, [questCompleted(1, 1)]);
      test.log.appendToStream(tx, { stream: name, expectedVersion: 1 }, [questCompleted(1, 2)]);
    });
    expect(await test.log.currentVersion(name)).toBe(2);
  });

  it('refuse an event id that is in the log already, since it would leave a hole', async () => {
    const name = stream();
    const twice = questCompleted(1, 1);
    await appendAll(test, [twice]);
    const error = await reason(test.db.transaction({ keys: ['1'] }, async (tx) => test.log.appendToStream(tx, { stream: name, expectedVersion: 0 }, [twice, questCompleted(1, 2)])));
    expect(error).toBeInstanceOf(ConcurrencyError);
    expect(await test.log.currentVersion(name)).toBe(0);
  });

  it('P-14: continue from the newest snapshot with the later events only', async () => {
    const name = stream();
    await appendTo(name, 0, [1, 2, 3]);
    await saveSnapshot(test.db, { stream: name, type: 'quest', version: 2, state: { sum: 3 } });
    await saveSnapshot(test.db, { stream: name, type: 'quest', version: 1, state: { sum: 1 } });
    const { snapshot, events } = await test.log.readFromSnapshot(name, 'quest');
    expect(snapshot).toMatchObject({ version: 2, state: { sum: 3 } });
    expect(events.map(({ streamVersion }) => streamVersion)).toEqual([3]);
    expect(await loadSnapshot(test.db, name, 'other-shape')).toBeNull();
  });
});

describe('reading', () => {
  it('P-11: filters by type, key and time, and counts alike', async () => {
    const noon = new Date('2030-01-01T12:00:00Z');
    const later = new Date('2030-01-01T13:00:00Z');
    await appendAll(test, [questCompleted(20, 1, { timestamp: noon }), questCompleted(20, 2, { timestamp: later }), questCompleted(21, 3, { timestamp: later })]);
    const quests = async (filter: Parameters<EventLog['readAll']>[0]) => (await collect(test.log.readAll(filter))).length;
    expect(await quests({ from: noon })).toBe(3);
    expect(await quests({ from: noon, to: later })).toBe(1);
    expect(await quests({ from: noon, key: '20' })).toBe(2);
    expect(await quests({ from: noon, types: [QuestCreated] })).toBe(0);
    expect(await test.log.count({ from: noon, types: [QuestCompleted] })).toBe(3);
    expect(await test.log.statistics({ from: noon })).toEqual({ total: 3, byType: { [QuestCompleted.recordName]: 3 }, oldest: noon, newest: later });
  });

  it('P-11: reads up to a limit, and on from where it ended', async () => {
    await appendAll(test, Array.from({ length: 9 }, (_, i) => questCompleted(22, i + 1)));
    const first = await collect(test.log.readAll({ key: '22' }, { limit: 4, pageSize: 3 }));
    const rest = await collect(test.log.readAll({ key: '22' }, { after: first.at(-1)?.position }));
    expect([...first, ...rest].map(({ payload }) => 'quest_id' in payload && payload.quest_id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(first).toHaveLength(4);
  });

  it.each([
    ['type', { types: [JournalEntryCreated, QuestCompleted] }],
    ['key', { key: '77' }],
  ])('follows the order of the log for pages of one %s, also of a table without statistics', async (_name, filter) => {
    const own = await openTestLog();
    try {
      await appendAll(own, Array.from({ length: 6_000 }, (_, i) => questCompleted(70 + (i % 10), i + 1)));
      const query = jest.spyOn(own.db, 'query');
      for await (const _event of own.log.readAll(filter, { limit: 1 })) void _event;
      const [text, values] = query.mock.calls.at(-1) ?? [''];
      const { rows } = await own.db.query<Record<string, string>>(`EXPLAIN ${String(text).replace(/LIMIT 1$/, 'LIMIT 100')}`, values);
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Limit[^]*Index Scan using event_log_pkey/);
      expect(JSON.stringify(rows)).not.toContain('Sort');
    } finally {
      await own.end();
    }
  });

  it('leaves out what is not settled, when asked to', async () => {
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    let began = () => undefined as void;
    const hasBegun = new Promise<void>((resolve) => (began = resolve));
    const open = test.db.transaction({ keys: ['23'] }, async (tx) => { await tx.query('CREATE TEMPORARY TABLE scratch ()'); began(); await held; });
    await hasBegun;
    await appendAll(test, [questCompleted(24, 1)]);
    expect(await collect(test.log.readAll({ key: '24' }, { settled: true }))).toHaveLength(0);
    expect(await collect(test.log.readAll({ key: '24' }))).toHaveLength(1);
    release();
    await open;
    await until(async () => (await collect(test.log.readAll({ key: '24' }, { settled: true }))).length === 1, 'the horizon passed');
  });

  it('VR-5: gives rows of older majors as the newest, and finds them by it', async () => {
    const log = new EventLog({ database: test.db, service: 'health', types: workedMajors.types, upcasts: workedMajors.upcasts });
    const at = { eventId: newEventId(), timestamp: new Date(0), key: '77', correlationId: null, causationId: null, traceparent: null };
    const payload = SleepLogged.build({ user_id: 77, minutes: 2, note: 'deep' });
    await test.db.transaction({ keys: ['77'] }, async (tx) => log.append(tx, [{ ...at, type: SleepLogged, payload }]));
    const [event] = await collect(log.readAll({ types: [SleepLoggedV3] }));
    expect(event).toMatchObject({ type: SleepLoggedV3, version: '1.1.0', payload: { user_id: 77, duration_ms: 120_000, notes: ['deep'], device: null } });
    expect(await log.count({ types: [SleepLoggedV3] })).toBe(1);
    const unled = new EventLog({ database: test.db, service: 'health', types: workedMajors.types });
    expect(await collect(unled.readAll({ types: [SleepLogged] }))).toMatchObject([{ type: SleepLogged, payload }]);
  });

  it('P-11: leaves out unknown types with one warning', async () => {
    const warnings: string[] = [];
    const narrow = new EventLog({ database: test.db, service: 'quests', types: [JournalEntryCreated], warn: (message) => warnings.push(message) });
    await appendAll(test, [questCompleted(25, 1), questCompleted(25, 2)]);
    expect(await collect(narrow.readAll({ key: '25' }))).toEqual([]);
    expect(warnings).toEqual([`The event log holds events of type ${QuestCompleted.recordName}, which this service does not know; they are left out`]);
  });
});
