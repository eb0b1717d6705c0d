import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { consentRevisionOf, headersOf, readHeaders } from './event-headers.js';
import type { EventHeaders, HeaderSource } from './event-headers.js';

const event: HeaderSource = {
  eventId: '0192f7c8-5a00-7b3c-8d4e-1a2b3c4d5e6f',
  recordName: 'lifeos.quests.v1.QuestCompleted',
  context: 'quests',
  version: '1.1.0',
  timestamp: new Date('2026-11-21T10:11:12.345Z'),
  key: '42',
  correlationId: 'flow-1',
  causationId: '0192f7c8-0000-7b3c-8d4e-1a2b3c4d5e6f',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

describe('headersOf', () => {
  it('writes CloudEvents 1.0 in the binary mode of the Kafka binding', () => {
    expect(headersOf(event)).toEqual({
      'content-type': 'application/vnd.lifeos.avro-framed',
      ce_specversion: '1.0',
      ce_id: event.eventId,
      ce_type: 'lifeos.quests.v1.QuestCompleted',
      ce_source: '/lifeos/quests',
      ce_time: '2026-11-21T10:11:12.345Z',
      ce_subject: '42',
      ce_eventversion: '1.1.0',
      ce_correlationid: 'flow-1',
      ce_causationid: event.causationId,
      traceparent: event.traceparent,
    });
  });

  it('leaves out what is null', () => {
    const headers = headersOf({ ...event, correlationId: null, causationId: null, traceparent: null });
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['ce_correlationid']));
    expect(Object.keys(headers)).toHaveLength(8);
  });

  it('V-8: tells the revision of the consents that the producer of a sensitive event knew', () => {
    expect(headersOf(event)).not.toHaveProperty('ce_consentrevision');
    expect(headersOf({ ...event, consentRevision: '12' })).toMatchObject({ ce_consentrevision: '12' });
    expect(consentRevisionOf(headersOf({ ...event, consentRevision: '12' }))).toBe(12);
  });

  it.each([['none', undefined], ['text', 'many'], ['zero', '0'], ['a fraction', '1.5'], ['too large', '1'.repeat(16)], ['several', ['1', '2']]])('V-8: takes %s for no revision', (_, value) => {
    expect(consentRevisionOf({ ce_consentrevision: value })).toBeNull();
    expect(consentRevisionOf({ ce_consentrevision: Buffer.from('7') })).toBe(7);
  });
});

describe('readHeaders', () => {
  const whole = headersOf(event);

  it('gives back what headersOf wrote, from text as from bytes', () => {
    const bytes = Object.fromEntries(Object.entries(whole).map(([name, value]) => [name, Buffer.from(value)]));
    const expected: EventHeaders = {
      eventId: event.eventId,
      type: event.recordName,
      version: '1.1.0',
      time: event.timestamp,
      subject: '42',
      correlationId: 'flow-1',
      causationId: event.causationId,
      source: 'quests',
      traceparent: event.traceparent,
    };
    expect(readHeaders(whole)).toEqual(expected);
    expect(readHeaders(bytes)).toEqual(expected);
  });

  it.each(['ce_specversion', 'ce_id', 'ce_type', 'ce_source'])('names a missing %s', (name) => {
    expect(readHeaders({ ...whole, [name]: undefined })).toEqual({ fault: `header ${name} is missing` });
  });

  it('names what it cannot read', () => {
    expect(readHeaders({ ...whole, ce_id: 'seven' })).toEqual({ fault: 'header ce_id is "seven", not a UUID' });
    expect(readHeaders({ ...whole, ce_specversion: '0.3' })).toEqual({ fault: 'header ce_specversion is "0.3", not "1.0"' });
    expect(readHeaders({ ...whole, ce_time: '21/11/2026' })).toEqual({ fault: 'header ce_time is "21/11/2026", not an RFC 3339 time' });
    expect(readHeaders({ ...whole, ce_type: ['a', 'b'] })).toEqual({ fault: 'header ce_type comes 2 times' });
    expect(readHeaders({ ...whole, ce_correlationid: 'a\0b' })).toEqual({ fault: 'header ce_correlationid holds a NUL character' });
  });

  it('takes events of foreign producers that send only what CloudEvents requires', () => {
    const foreign = readHeaders({ ce_specversion: '1.0', ce_id: event.eventId, ce_type: 'nutrition.v1.MealLogged', ce_source: 'urn:nutrition' });
    expect(foreign).toMatchObject({ version: null, time: null, subject: null, source: 'urn:nutrition', traceparent: null });
  });

  it('ignores a malformed trace and inherited properties', () => {
    expect(readHeaders({ ...whole, traceparent: 'zz' })).toMatchObject({ traceparent: null });
    expect(readHeaders(Object.create(whole))).toEqual({ fault: 'header ce_specversion is missing' });
  });

  it('never throws, whatever bytes come', () => {
    const value = fc.oneof(fc.string(), fc.uint8Array().map((bytes) => Buffer.from(bytes)), fc.constant(undefined), fc.array(fc.string()));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(whole)), value), (headers) => {
        readHeaders({ ...whole, ...headers });
      }),
    );
  });
});
