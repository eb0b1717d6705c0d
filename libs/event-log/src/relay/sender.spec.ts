import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecordingPublisher } from '../testing/recording-publisher.js';
import type { LogRow } from './log-rows.js';
import { RecordBuilder } from './record-builder.js';
import { Sender } from './sender.js';

const row = (key: string, seq: number): LogRow => ({
  epoch: 1, log_xid: '1', seq: String(seq), event_id: `${key}-${seq}`, key, topic: 't', type: 'x', version: '1.0.0', occurred_at: new Date(0),
  correlation_id: null, causation_id: null, traceparent: null, consent_revision: null, payload: Buffer.from([seq]),
});

async function senderFor(rows: readonly LogRow[], isRefused: (id: string) => boolean) {
  const publisher = new RecordingPublisher();
  publisher.refuses = ({ headers }) => isRefused(String(headers['ce_id']));
  const builder = new RecordBuilder('quests', { idFor: async () => 1 });
  await builder.prepare(rows);
  return { publisher, sender: new Sender(publisher, builder) };
}

describe('Sender', () => {
  it('sends each key up to its first refused event, blocks the rest of it, and loses none', async () => {
    const event = fc.record({ key: fc.constantFrom('a', 'b', 'c'), refused: fc.integer({ min: 0, max: 9 }).map((n) => n === 0) });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
        const rows = events.map(({ key }, i) => row(key, i));
        const refused = new Set(rows.filter((_, i) => events[i]?.refused).map(({ event_id }) => event_id));
        const { publisher, sender } = await senderFor(rows, (id) => refused.has(id));
        const { sent, blocked } = await sender.send(rows);
        for (const key of ['a', 'b', 'c']) {
          const mine = rows.filter((each) => each.key === key).map(({ event_id }) => event_id);
          const first = mine.findIndex((id) => refused.has(id));
          const free = first === -1 ? mine : mine.slice(0, first);
          expect(publisher.records.filter((record) => record.key === key).map(({ headers }) => headers['ce_id'])).toEqual(free);
          expect(blocked.filter((each) => each.key === key).map(({ reason }) => reason !== null)).toEqual(mine.slice(free.length).map((_, i) => i === 0));
        }
        expect(sent + blocked.length).toBe(rows.length);
      }),
      { numRuns: 200 },
    );
  });

  it('finds a refused event again after a send that failed half way', async () => {
    const rows = [row('a', 1), row('b', 2)];
    const { publisher, sender } = await senderFor(rows, (id) => id === 'a-1');
    let isDown = true;
    const publish = publisher.publish.bind(publisher);
    publisher.publish = async (records) => {
      if (isDown && records.length === 1 && records[0]?.key === 'b') throw new Error('the broker went away');
      return publish(records);
    };
    await expect(sender.send(rows)).rejects.toThrow('went away');
    expect(sender.blockedQueues.size).toBe(0);
    isDown = false;
    const { sent, blocked } = await sender.send(rows);
    expect(sent).toBe(1);
    expect(blocked.map(({ key, reason }) => [key, reason !== null])).toEqual([['a', true]]);
  });
});
