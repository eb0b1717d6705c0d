import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BalanceScoreCalculated } from '@lifeos/contracts';
import { newEventId, type NewEvent } from '@lifeos/events';
import { Relay } from './index.js';
import { FixedSchemaIds, RecordingPublisher, stopAll } from './testing/recording-publisher.js';
import { appendAll, openTestLog, questCompleted, until, type TestLog } from './testing/test-log.js';

let test: TestLog;
const asked: number[][] = [];
beforeAll(async () => {
  test = await openTestLog({
    consentRevisions: async (_on, userIds) => {
      asked.push([...userIds]);
      return new Map([[7, 41]]);
    },
  });
});
afterAll(() => test.end());

const at = new Date('2026-11-21T10:11:12.345Z');

function score(userId: number): NewEvent {
  const payload = BalanceScoreCalculated.build({ user_id: userId, health_score: 1, wealth_score: 1, relationships_score: 1, overall_balance: 1, calculation_timestamp: at });
  return { eventId: newEventId(), type: BalanceScoreCalculated, timestamp: at, key: String(userId), correlationId: null, causationId: null, traceparent: null, payload };
}

it('V-8: sends sensitive events with the revision that their producer knew, and asks for no others', async () => {
  await appendAll(test, [questCompleted(7, 1), questCompleted(8, 2)]);
  expect(asked).toEqual([]);
  await appendAll(test, [score(7), questCompleted(7, 3), score(8), score(7)]);
  expect(asked).toEqual([[7, 8]]);
  const publisher = new RecordingPublisher();
  const relay = new Relay({ connection: { url: test.url, applicationName: 'relay' }, service: 'quests', publisher, schemaIds: new FixedSchemaIds(), pollMs: 20 });
  relay.start();
  await until(() => publisher.records.length >= 6, 'six records arrived');
  await stopAll([relay]);
  expect(publisher.records.map(({ key, headers }) => [key, headers['ce_consentrevision'] ?? null])).toEqual([
    ['7', null], ['8', null], ['7', '41'], ['7', null], ['8', null], ['7', '41'],
  ]);
});
