import { BatchProcessor, Retrier, BatchFailure, deliveryMigrations } from '@lifeos/delivery';
import { EventLog, eventLogMigrations } from '@lifeos/event-log';
import { QuestCompleted, ExperienceAwarded, allEventTypes } from '@lifeos/contracts';
import { headersOf, newEventId } from '@lifeos/events';
import { migrate, openDatabase } from '@lifeos/postgres';
import { createTestDatabase } from '@lifeos/testing';
const keys = 10000, count = Number(process.env.N ?? 100000);
const value = (user, q) => QuestCompleted.encode(QuestCompleted.build({ user_id: user, quest_id: q, quest_type: 'daily', experience_reward: 25, completion_timestamp: new Date(0), auto_completed: false }));
const records = Array.from({ length: count }, (_, offset) => { const user = 1 + (offset * 7919) % keys; return { topic: 'lifeos.quests.events', partition: 0, offset, key: Buffer.from(String(user)), value: value(user, offset + 1), headers: headersOf({ eventId: newEventId(), recordName: QuestCompleted.recordName, context: 'quests', version: '1.0.0', timestamp: new Date(), key: String(user), correlationId: null, causationId: null, traceparent: null }), timestamp: Date.now() }; });
async function run(isBad, { withRetrier = true, batch = true } = {}) {
  const t = await createTestDatabase();
  await migrate({ url: t.url, sets: [eventLogMigrations, deliveryMigrations] });
  const database = openDatabase({ url: t.url, applicationName: 'b', max: 6 });
  await database.query('create table experience (user_id bigint primary key, total bigint not null)');
  const eventLog = new EventLog({ database, service: 'dashboard', types: allEventTypes });
  let calls = 0, retried = 0;
  const handler = { name: 'book', aliases: [], types: [QuestCompleted], versions: '>=1.0.0', batch, from: 'beginning', timeoutMs: 10000,
    retry: { retries: 1e6, firstDelayMs: 1000, factor: 1, jitter: 0 },
    async invoke(events, context) {
      calls++;
      const bad = events.filter(({ payload }) => isBad(payload.user_id));
      if (bad.length > 0) throw new BatchFailure(bad.map(({ eventId }) => ({ eventId, error: new Error('no') })));
      const sums = new Map();
      for (const e of events) { sums.set(e.payload.user_id, (sums.get(e.payload.user_id) ?? 0) + e.payload.experience_reward); context.raise(ExperienceAwarded, { user_id: e.payload.user_id, experience_points: 25, source_type: 'quest', source_id: e.payload.quest_id, reason: 'x' }, { cause: e }); }
      await context.tx.query('insert into experience as e select * from unnest($1::bigint[], $2::bigint[]) on conflict (user_id) do update set total = e.total + excluded.total', [[...sums.keys()], [...sums.values()]]);
    } };
  const decoder = { decode: (r) => QuestCompleted.decode(r.value, '1.0.0') };
  const metrics = { skipped() {}, handled() {}, parked() {}, rerun() {}, exhausted() {}, retried: () => retried++ };
  const common = { handlers: [handler], decoder, database, eventLog, knownTypes: allEventTypes, metrics };
  const retrier = new Retrier(common);
  const processor = new BatchProcessor({ ...common, onParked: retrier.wake });
  if (withRetrier) retrier.start();
  const start = performance.now();
  for (let at = 0; at < count;) { const o = await processor.process({ topic: 'lifeos.quests.events', partition: 0, records: records.slice(at, at + 2000), fetchedOffset: at, highWatermark: count }, new AbortController().signal); if (o.kind !== 'done') { console.log(o); } else at = o.nextOffset; }
  const ms = performance.now() - start;
  const { rows } = await database.query('select count(*) as n, count(*) filter (where not is_follower) as heads from dead_letters');
  await retrier.stop(); await database.close(); await t.drop();
  return { rate: Math.round(count / ms * 1000), parked: rows[0], retried };
}
const kinds = [['none', () => false], ['1% failing', (u) => u % 100 === 0], ['one key', (u) => u === 77]];
for (const batch of [true, false]) for (let i = 0; i < 2; i++) for (const [n, f] of kinds) console.log(batch ? 'batch' : 'one', n, JSON.stringify(await run(f, { batch })));
