import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { allRecordTypes, type AnyEventType, BalanceScoreCalculated, ConsentState } from '@lifeos/contracts';
import { BatchProcessor, type BatchOutcome, type HandlerDefinition } from '@lifeos/delivery';
import { adoptServer, EventLog } from '@lifeos/event-log';
import { headersOf, newEventId, type IncomingRecord } from '@lifeos/events';
import { migrate, openDatabase, type Database } from '@lifeos/postgres';
import { createTestDatabase } from '@lifeos/testing';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serviceMigrations } from '../wiring/migrations.js';
import { auditOf } from './consent-audit.js';
import type { ConsentListener, EndedConsent } from './consent-listener.js';
import { areConsentsRead } from './consent-store.js';
import { storedConsents } from './consents.js';
import { KeepConsents } from './keep-consents.js';
import { StoredConsentGate } from './stored-consent-gate.js';

const consentsTopic = 'lifeos.privacy.consents';
const analyticsTopic = 'lifeos.analytics.events';
const at = new Date('2026-11-21T12:00:00Z');

let database: Database;
let drop: () => Promise<void>;
let isRead = true;
let broken = false;
const told: EndedConsent[] = [];
const handled: number[] = [];
const ends = new Map<string, number>();

const listener: ConsentListener = {
  consentsEnded: async (ended, { tx }) => {
    if (broken) throw new Error('cannot drop what was derived');
    await tx.query('SELECT 1');
    told.push(...ended);
  },
};

const keep = new KeepConsents('analytics', () => [listener]);
const handlers: HandlerDefinition[] = [
  {
    name: 'keep-consents', aliases: [], types: [ConsentState], versions: '^1.0.0', batch: true, from: 'beginning', timeoutMs: 10_000,
    invoke: (events, context) => keep.handle(events as Parameters<KeepConsents['handle']>[0], context),
  },
  {
    name: 'count-all', aliases: [], types: '*', versions: '>=1.0.0', batch: true, from: 'beginning', timeoutMs: 10_000,
    invoke: async (events) => void handled.push(...events.map(({ key }) => Number(key))),
  },
];

beforeAll(async () => {
  const home = await createTestDatabase();
  await migrate({ url: home.url, sets: serviceMigrations(pathToFileURL(`${mkdtempSync(join(tmpdir(), 'consent-'))}/`)) });
  database = openDatabase({ url: home.url, applicationName: 'consent-test', onConnect: adoptServer });
  drop = home.drop;
});
afterAll(async () => {
  await database.close();
  await drop();
});
beforeEach(async () => {
  [isRead, broken, told.length, handled.length] = [true, false, 0, 0];
  await database.query('DELETE FROM dead_letters');
});

function record(type: AnyEventType, payload: { user_id: number }, { topic, revision, key = String(payload.user_id) }: { topic: string; revision?: number; key?: string }): IncomingRecord {
  const offset = ends.get(topic) ?? 0;
  ends.set(topic, offset + 1);
  const consentRevision = revision === undefined ? null : String(revision);
  const identity = { eventId: newEventId(), recordName: type.recordName, context: type.context, version: type.version, timestamp: at, key };
  const headers = headersOf({ ...identity, correlationId: null, causationId: null, traceparent: null, consentRevision });
  return { topic, partition: 0, offset, key: Buffer.from(key), value: type.encode(type.build(payload)), headers, timestamp: at.getTime() };
}

async function deliver(...records: IncomingRecord[]): Promise<BatchOutcome> {
  const [first] = records;
  if (first === undefined) throw new Error('nothing to deliver');
  const processor = new BatchProcessor({
    handlers, database, knownTypes: allRecordTypes,
    decoder: { decode: ({ value }, type) => type.decode(value ?? Buffer.alloc(0), type.version) as object },
    eventLog: new EventLog({ database, service: 'analytics', types: allRecordTypes }),
    gate: new StoredConsentGate({ service: 'analytics', database, areConsentsRead: () => Promise.resolve(isRead) }),
  });
  return processor.process({ topic: first.topic, partition: 0, records, fetchedOffset: first.offset, highWatermark: first.offset + records.length }, new AbortController().signal);
}

const consent = (user_id: number, revision: number, purposes: Record<string, string>, event_type_overrides: Record<string, boolean> = {}) =>
  record(ConsentState, { user_id, revision, purposes, event_type_overrides, changed_at: at } as { user_id: number }, { topic: consentsTopic });

const score = (user_id: number, revision?: number) =>
  record(BalanceScoreCalculated, { user_id, health_score: 0.5, wealth_score: 0.5, relationships_score: 0.5, overall_balance: 0.5, calculation_timestamp: at } as { user_id: number }, { topic: analyticsTopic, ...(revision === undefined ? {} : { revision }) });

const stored = async (userId: number) => (await database.query<{ revision: string; purposes: object }>('SELECT revision, purposes FROM consents WHERE user_id = $1', [userId])).rows;
const decisions = async (userId: number) => (await auditOf(database, userId)).map(({ decision, reason, event_type, purpose }) => [event_type, purpose, decision, reason]);

describe('consents of a service', () => {
  it('V-8: keeps the newest revision of each person; a lower or equal one changes nothing', async () => {
    await deliver(consent(1, 1, { analytics: 'granted' }), consent(1, 3, { analytics: 'denied' }), consent(2, 1, { marketing: 'granted' }));
    await deliver(consent(1, 2, { analytics: 'granted' }), consent(1, 3, { analytics: 'granted' }));
    expect(await stored(1)).toEqual([{ revision: '3', purposes: { analytics: 'denied' } }]);
    expect(await stored(2)).toEqual([{ revision: '1', purposes: { marketing: 'granted' } }]);
  });

  it('V-6, V-7: gives a sensitive event to handlers only with consent, and keeps what became of it', async () => {
    await deliver(consent(11, 1, { analytics: 'granted' }));
    expect((await deliver(score(11), score(12), score(11))).kind).toBe('done');
    expect(handled).toEqual([11, 11]);
    expect(await decisions(11)).toEqual([
      ['BalanceScoreCalculated', 'analytics', 'handled', 'consent'],
      ['BalanceScoreCalculated', 'analytics', 'handled', 'consent'],
      ['ConsentState', 'analytics', 'allowed', 'pending -> granted'],
    ]);
    expect(await auditOf(database, 12)).toMatchObject([{ decision: 'refused', reason: 'no_consent', service: 'analytics', data_categories: ['behavioral'] }]);
  });

  it('V-9: tells listeners what ended, in the transaction that stores it', async () => {
    await deliver(consent(21, 1, { analytics: 'granted', ai_insights: 'granted' }));
    expect(told).toEqual([]);
    await deliver(consent(21, 2, { analytics: 'withdrawn', ai_insights: 'granted' }));
    expect(told).toMatchObject([{ user_id: 21, purposes: new Set(['analytics']), cause: { payload: { revision: 2 } } }]);
    await deliver(score(21));
    expect(handled).toEqual([]);
    expect((await decisions(21))[1]).toEqual(['ConsentState', 'analytics', 'ended', 'granted -> withdrawn']);
  });

  it('V-8: waits while the topic may tell of the revision that the producer knew; then nothing is refused for being early', async () => {
    isRead = false;
    const event = score(31, 1);
    expect(await deliver(event)).toMatchObject({ kind: 'pause' });
    await deliver(consent(31, 1, { analytics: 'granted' }));
    expect(await deliver(event)).toMatchObject({ kind: 'done' });
    expect(handled).toEqual([31]);
  });

  it('V-8: parks, and does not refuse, what the topic does not tell enough of', async () => {
    await deliver(consent(32, 1, { analytics: 'granted' }));
    expect(await deliver(score(32, 2))).toMatchObject({ kind: 'done' });
    expect(handled).toEqual([]);
    expect((await database.query('SELECT error_code, handler FROM dead_letters')).rows).toEqual([{ error_code: 'CONSENTS_BEHIND', handler: 'count-all' }]);
    expect((await decisions(32)).map(([, , decision]) => decision)).toEqual(['allowed']);
  });

  it('V-6: handles nothing sensitive of a person whose change of consent is parked, and producers compute nothing', async () => {
    await deliver(consent(41, 1, { analytics: 'granted' }), consent(42, 1, { analytics: 'granted' }));
    broken = true;
    await deliver(consent(41, 2, { analytics: 'withdrawn' }));
    await deliver(score(41), score(42));
    expect(handled).toEqual([42]);
    expect(await storedConsents.allowing(database, BalanceScoreCalculated, [41, 42])).toEqual(new Set([42]));
    expect(await storedConsents.granting(database, 'analytics', [41, 42])).toEqual(new Set([42]));
  });

  it('V-8: knows when it has read up to given ends', async () => {
    const end = ends.get(consentsTopic) ?? 0;
    expect(await areConsentsRead(database, [{ partition: 0, high: end }, { partition: 1, high: 0 }])).toBe(true);
    expect(await areConsentsRead(database, [{ partition: 0, high: end + 1 }])).toBe(false);
    expect(await areConsentsRead(database, [{ partition: 1, high: 1 }])).toBe(false);
  });

  it.each(['UPDATE consent_audit SET reason = NULL', 'DELETE FROM consent_audit', 'TRUNCATE consent_audit'])('V-7: refuses %s', async (sql) => {
    await expect(database.query(sql)).rejects.toThrow('only appended');
  });

  it('V-7: pages through the rows of one person', async () => {
    await deliver(consent(51, 1, { analytics: 'granted', marketing: 'granted', research: 'granted' }));
    const [first] = await auditOf(database, 51, { limit: 1 });
    expect(await auditOf(database, 51, { before: first?.id ?? null })).toHaveLength(2);
  });
});
