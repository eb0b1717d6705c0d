import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { allEventTypes, QuestCompleted } from '@lifeos/contracts';
import { RecordRefused, type OutgoingRecord } from '@lifeos/events';
import { Announcer } from '../retries/announcer.js';
import { batchOf, done, Fixture, go, writer } from '../testing/fixture.js';
import { bareDecoder, idOf, recordOf, topic } from '../testing/records.js';
import { DeadLetterDesk } from './dead-letter-desk.js';

let at: Fixture;
let desk: DeadLetterDesk;
let woken = 0;
beforeAll(async () => {
  at = await Fixture.open();
  desk = new DeadLetterDesk({ database: at.database, types: allEventTypes, decoder: bareDecoder, wake: () => void woken++, now });
});
afterAll(() => at.close());
beforeEach(async () => {
  await at.clear();
  broken.clear();
  clock = Date.now();
});

const broken = new Set<number>();
let clock = 0;
const now = () => new Date(clock);
const by = { actor: 'operator 7', reason: 'fixed the ledger' };
const failing = ({ payload }: { payload: { quest_id: number } }) => {
  if (broken.has(payload.quest_id - 1)) throw new Error(`no ${payload.quest_id - 1}`);
};
const one = () => writer('one', failing);
const two = () => writer('two', failing);
const retry = () => at.retrier([one(), two()], { now }).retryDue();
const idAt = async (offset: number, handler = 'one') => (await at.rows<{ id: string }>(`SELECT id FROM dead_letters WHERE record_offset = ${offset} AND handler = '${handler}'`))[0]?.id ?? '';
/** Events of three persons in turn; those in `bad` fail. */
async function park(bad: readonly number[], to = 9): Promise<void> {
  for (const offset of bad) broken.add(offset);
  const records = Array.from({ length: to }, (_, offset) => recordOf({ offset, user: 1 + (offset % 3) }));
  await at.processor([one(), two()], { now }).process(batchOf(records), go);
}
const effects = async (name: string) => (await at.effects()).filter(([of]) => of === name).map(([, quest]) => quest - 1);

describe('listing', () => {
  it('shows letters by filter and page by page, and one in full', async () => {
    await park([0, 4]);
    const all = await desk.list();
    expect(all.letters.map(({ handler, offset, status }) => [handler, offset, status])).toEqual(expect.arrayContaining([['one', 0, 'waiting'], ['one', 3, 'follower'], ['two', 7, 'follower']]));
    const first = await desk.list({ handler: 'one' }, { limit: 2 });
    const rest = await desk.list({ handler: 'one' }, { limit: 10, after: first.next ?? '' });
    expect([...first.letters, ...rest.letters].map(({ offset }) => offset).sort()).toEqual([0, 3, 4, 6, 7]);
    expect(rest.next).toBeNull();
    for (const filter of [{ key: '2' }, { reason: 'handler_error' }, { eventType: 'QuestCompleted' }, { eventId: idOf(0) }, { status: 'follower' as const }]) {
      expect((await desk.list(filter)).letters.length).toBeGreaterThan(0);
    }
    expect((await desk.list({ eventType: 'uestCompleted' })).letters).toEqual([]);
    expect(await desk.show(await idAt(0))).toMatchObject({ handler: 'one', error_message: 'no 0', payload: { quest_id: 1, user_id: 1 }, headers: { ce_id: idOf(0) } });
    await expect(desk.show('999999')).rejects.toMatchObject({ code: 'letter_not_found', kind: 'not_found' });
  });

  it('P-17: counts in total, by reason, handler and event, due, exhausted, oldest', async () => {
    await park([0, 4]);
    await at.database.query(`UPDATE dead_letters SET status = 'exhausted', next_attempt_at = NULL WHERE record_offset = 4 AND handler = 'two'`);
    clock += 120_000;
    expect(await desk.statistics()).toEqual({
      total: 10, heads: 4, followers: 6, parked_keys: 4, due_now: 3, exhausted: 1, oldest: expect.any(Date), relay_refused: 0,
      by_reason: { handler_error: 4 }, by_handler: { one: 5, two: 5 }, by_event: { 'lifeos.quests.v1.QuestCompleted': 10 },
    });
    await at.clear();
    expect(await desk.statistics()).toMatchObject({ total: 0, by_reason: {}, oldest: null });
  });

  it('exports everything', async () => {
    await park([0, 4]);
    const lines: string[] = [];
    for await (const letter of desk.export()) lines.push(JSON.stringify(letter));
    expect(lines).toHaveLength(10);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ payload: { quest_id: expect.any(Number) }, record_value_base64: expect.any(String) });
  });
});

describe('retrying', () => {
  it('makes one due at once, with all of its tries, and leaves a row of who and why', async () => {
    await park([0, 1]);
    await at.database.query(`UPDATE dead_letters SET status = 'exhausted', retries = 3, next_attempt_at = NULL WHERE NOT is_follower`);
    const before = woken;
    expect(await desk.retry({ filter: { id: await idAt(0) }, by })).toEqual({ letters: 1, next: null, dry_run: false });
    expect(woken).toBe(before + 1);
    broken.clear();
    await retry();
    expect(await effects('one')).toEqual([2, 5, 8, 0, 3, 6]);
    expect(await desk.audit()).toMatchObject([{ actor: 'operator 7', action: 'retry', reason: 'fixed the ledger', letters: 1, filter: { id: expect.any(String) } }]);
  });

  it('refuses a follower, naming the head, and refuses everything unless that is said', async () => {
    await park([0]);
    await expect(desk.retry({ filter: { id: await idAt(3) }, by })).rejects.toMatchObject({ code: 'letter_waits', details: { head: await idAt(0) } });
    await expect(desk.retry({ filter: {}, by })).rejects.toMatchObject({ code: 'nothing_selected' });
    await expect(desk.retry({ filter: { id: '999999' }, by })).rejects.toMatchObject({ code: 'letter_not_found' });
  });

  it('takes a queue, a reason or all, in a dry run, with a cap, and goes on where it ended', async () => {
    await park([0, 1, 2]);
    expect(await desk.retry({ filter: { handler: 'one', topic, key: '2' }, by, dryRun: true })).toEqual({ letters: 1, next: null, dry_run: true });
    expect(await desk.retry({ filter: { reason: 'timeout' }, by })).toMatchObject({ letters: 0 });
    expect(await desk.audit()).toEqual([]);
    const first = await desk.retry({ filter: {}, all: true, cap: 4, by });
    expect(first).toMatchObject({ letters: 4, next: expect.any(String) });
    expect(await desk.statistics()).toMatchObject({ due_now: 4 });
    expect(await desk.retry({ filter: {}, all: true, by, after: first.next ?? '' })).toMatchObject({ letters: 2, next: null });
    broken.clear();
    await retry();
    expect(await at.letters()).toEqual([]);
    expect((await desk.audit()).map(({ letters }) => letters)).toEqual([2, 4]);
  });

  it('can give each of them other tries than its handler', async () => {
    await park([0]);
    await desk.retry({ filter: { handler: 'one' }, retries: 1, by });
    await retry();
    expect(await at.rows(`SELECT status, max_retries FROM dead_letters WHERE NOT is_follower AND handler = 'one'`)).toEqual([{ status: 'exhausted', max_retries: 1 }]);
  });
});

describe('skipping', () => {
  it('lets the queue go on, and leaves a row of what was skipped', async () => {
    await park([0]);
    await desk.skip(await idAt(0), { actor: 'operator 7', reason: 'a test event' });
    await retry();
    expect(await effects('one')).toEqual([1, 2, 4, 5, 7, 8, 3, 6]);
    expect(await desk.audit()).toMatchObject([{ action: 'skip', reason: 'a test event', letters: 1, detail: { event_id: idOf(0), offset: '0', error_message: 'no 0' } }]);
    expect(await desk.statistics()).toMatchObject({ total: 3, parked_keys: 1 });
  });

  it('takes a follower out of its place', async () => {
    await park([0]);
    await desk.skip(await idAt(3), { actor: 'operator 7', reason: 'wrong' });
    broken.clear();
    await desk.retry({ filter: {}, all: true, by });
    await retry();
    expect((await effects('one')).slice(-2)).toEqual([0, 6]);
  });

  it('is the end of a record without a key or type, too', async () => {
    await at.processor([one()], { now }).process(batchOf([recordOf({ offset: 0, key: null }), recordOf({ offset: 1, headers: { ce_type: undefined } }), recordOf({ offset: 2 })]), go);
    for (const { id } of (await desk.list()).letters) await desk.skip(id, { actor: 'operator 7', reason: 'foreign' });
    expect(await desk.statistics()).toMatchObject({ total: 0 });
    expect(await effects('one')).toEqual([2]);
  });
});

describe('editing', () => {
  const payload = { user_id: 1, quest_id: 77, quest_type: 'daily', experience_reward: 25, completion_timestamp: '2026-11-21T00:00:00.000Z', auto_completed: false };
  const valid = () => QuestCompleted.toJson(QuestCompleted.fromJson(payload));

  it('gives the handler another payload, keeps the original, and goes on', async () => {
    await park([0]);
    const id = await idAt(0);
    await desk.edit(id, valid(), by);
    expect(await desk.show(id)).toMatchObject({ is_edited: true, payload: { quest_id: 1 }, edited_payload: { quest_id: 77 } });
    await retry();
    expect((await effects('one')).slice(-3)).toEqual([76, 3, 6]);
    expect(await desk.audit()).toMatchObject([{ action: 'edit', letters: 1, detail: { event_id: idOf(0), payload: { quest_id: 77 } } }]);
  });

  it('mends a record whose bytes nobody can read', async () => {
    await at.processor([one()], { now }).process(batchOf([recordOf({ offset: 0, value: Buffer.from('junk') }), recordOf({ offset: 1 })]), go);
    expect(await desk.statistics()).toMatchObject({ exhausted: 1, followers: 1 });
    await desk.edit(await idAt(0), valid(), by);
    await retry();
    expect(await effects('one')).toEqual([76, 1]);
  });

  it('is refused when the payload breaks the schema, changes the person, or the record tells no event', async () => {
    await park([0]);
    const id = await idAt(0);
    await expect(desk.edit(id, { ...valid(), quest_id: 'x' }, by)).rejects.toMatchObject({ code: 'invalid_edit', kind: 'invalid', details: [{ field: 'quest_id', message: expect.any(String) }] });
    await expect(desk.edit(id, { ...valid(), user_id: 2 }, by)).rejects.toMatchObject({ code: 'invalid_edit' });
    await at.clear();
    await at.processor([one()], { now }).process(batchOf([recordOf({ offset: 0, headers: { ce_id: undefined } }), recordOf({ offset: 1, key: null })]), go);
    for (const { id: each } of (await desk.list()).letters) await expect(desk.edit(each, valid(), by)).rejects.toMatchObject({ code: 'letter_not_editable' });
    expect(await desk.audit()).toEqual([]);
  });

  it('of a follower counts when its turn comes', async () => {
    await park([0]);
    await desk.edit(await idAt(3), valid(), by);
    broken.clear();
    clock += 120_000;
    await retry();
    expect((await effects('one')).slice(-3)).toEqual([0, 76, 6]);
  });
});

describe('what the relay could not publish', () => {
  it('is seen and mended the same way', async () => {
    await at.database.query(`INSERT INTO event_log (epoch, event_id, key, topic, type, version, occurred_at, payload) SELECT 1, gen_random_uuid(), '5', 'lifeos.dashboard.events', 'lifeos.dashboard.v1.LevelUp', '1.0.0', now(), '' FROM generate_series(1, 2)`);
    await at.database.query(`INSERT INTO relay_blocked (epoch, xid, seq, topic, key, reason) SELECT epoch, xid, seq, topic, key, CASE WHEN row_number() OVER (ORDER BY seq) = 1 THEN 'too large' END FROM event_log`);
    const { letters } = await desk.list({ reason: 'relay_refused' });
    expect(letters).toMatchObject([{ handler: '(relay)', key: '5', status: 'exhausted', error_message: 'too large', event_type: 'lifeos.dashboard.v1.LevelUp' }]);
    expect((await desk.list()).letters.map(({ status }) => status)).toEqual(['exhausted', 'follower']);
    expect(await desk.statistics()).toMatchObject({ relay_refused: 2 });
    const id = letters[0]?.id ?? '';
    expect(await desk.show(id)).toMatchObject({ id });
    expect(await desk.retry({ filter: { id }, by, dryRun: true })).toMatchObject({ letters: 1 });
    expect(await desk.retry({ filter: { id }, by })).toMatchObject({ letters: 2 });
    expect(await at.rows('SELECT DISTINCT retry_requested FROM relay_blocked')).toEqual([{ retry_requested: true }]);
    await expect(desk.edit(id, {}, by)).rejects.toMatchObject({ code: 'letter_not_editable' });
    await desk.skip(id, { actor: 'operator 7', reason: 'cannot be sent' });
    expect(await at.rows('SELECT skip_reason FROM relay_blocked WHERE skipped_at IS NOT NULL')).toEqual([{ skip_reason: 'cannot be sent' }]);
    expect((await desk.audit()).map(({ action }) => action)).toEqual(['skip', 'retry']);
    await at.database.query('DELETE FROM relay_blocked');
  });
});

describe('exhausted letters', () => {
  const refusing = (isTooLarge: (record: OutgoingRecord) => boolean) => {
    const sent: OutgoingRecord[] = [];
    const publish = async (records: readonly OutgoingRecord[]) => {
      if (records.some(isTooLarge)) throw new RecordRefused('too large');
      sent.push(...records);
    };
    return { sent, publisher: { publish, close: () => Promise.resolve() } };
  };

  it('are announced with headers that tools show, and not again', async () => {
    await park([]);
    await at.processor([one()], { now }).process(batchOf([recordOf({ offset: 9, event: 'x', value: Buffer.from('junk') })]), go);
    const { sent, publisher } = refusing(() => false);
    const announcer = new Announcer({ database: at.database, publisher, topic: 'lifeos.quests.dead-letters' });
    expect(await announcer.announce()).toBe(1);
    expect(await announcer.announce()).toBe(0);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      topic: 'lifeos.quests.dead-letters', key: '1', value: Buffer.from('junk'),
      headers: {
        'dead-letter-handler': 'one', 'dead-letter-reason': 'serialization_error', 'dead-letter-error-code': 'UNDECODABLE_RECORD', 'dead-letter-attempts': '0',
        'dead-letter-original-topic': topic, 'dead-letter-original-partition': '0', 'dead-letter-original-offset': '9', 'dead-letter-original-key': '1',
        ce_id: Buffer.from(idOf('x')),
      },
    });
  });

  it('stay to be announced while the broker is away; one that is too large goes out without its value', async () => {
    const junk = (offset: number, text: string) => recordOf({ offset, user: offset + 1, value: Buffer.from(text) });
    expect(await at.processor([one()], { now }).process(batchOf([junk(0, 'a'), junk(1, 'bbbbbb'), junk(2, 'c')]), go)).toEqual(done(3));
    const away = new Announcer({ database: at.database, topic: 't', publisher: { publish: () => Promise.reject(new Error('no broker')), close: () => Promise.resolve() } });
    await expect(away.announce()).rejects.toThrow('no broker');
    const { sent, publisher } = refusing(({ value }) => value.length > 3);
    expect(await new Announcer({ database: at.database, publisher, topic: 't' }).announce()).toBe(3);
    expect(sent.map(({ value }) => String(value))).toEqual(['a', '', 'c']);
    expect(sent[1]?.headers['dead-letter-value-left-out-bytes']).toBe('6');
  });
});

describe('limits', () => {
  it('P-17: slow the consumer and delete nothing', async () => {
    await park([0, 1], 3);
    const next = batchOf([recordOf({ offset: 3, user: 4 })]);
    const full = at.processor([one(), two()], { now, limits: { heads: 4, slowMs: 5 } });
    expect(await full.process(next, go)).toMatchObject({ kind: 'pause', retryAfterMs: 5, reason: expect.stringContaining('4 or more') });
    expect(await full.process(next, go)).toEqual(done(4));
    const old = at.processor([one(), two()], { now: () => new Date(clock + 31 * 86_400_000) });
    expect(await old.process(batchOf([recordOf({ offset: 4, user: 4 })]), go)).toMatchObject({ kind: 'pause', reason: expect.stringContaining('31 days') });
    expect(await desk.statistics()).toMatchObject({ heads: 4 });
  });
});
