import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, grantConsents, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { AutoCompletionTriggered, ExternalDataReceived, IntegrationConnected, IntegrationDisconnected, QuestChanged, QuestCompleted, QuestCreated, QuestFailed, QuestStatusChanged } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import type { EndedConsent } from '@lifeos/service';
import { integrationsOf } from '../integration/integration-store.js';
import { DisconnectWhenConsentEnds } from '../integration/disconnect-when-consent-ends.js';
import { measuredSince, watchedQuests } from '../rules/rule-store.js';
import { Sources } from '../source/sources.js';
import { KeepPointsWhenExternalDataReceived } from './keep-points-when-external-data-received.js';
import { RememberCompletionWhenAutoCompletionTriggered } from './remember-completion-when-auto-completion-triggered.js';
import { RememberIntegrationWhenConnectedOrDisconnected } from './remember-integration-when-connected-or-disconnected.js';
import { WatchQuestWhenItChanges } from './watch-quest-when-it-changes.js';

let bench: ReactionBench;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const noon = Date.parse('2026-11-21T12:00:00Z');
const at = (seconds: number): Date => new Date(noon + seconds * 1000);
let person = 0;
let quest = 0;

const rules = [{ source: 'todoist', metric: 'task.completed', operator: '>=' as const, threshold: 5 }];
const created = (user_id: number, quest_id: number, status: 'draft' | 'active' = 'active') =>
  eventOf(QuestCreated, { user_id, quest_id, quest_type: 'side', title: 'Tasks', difficulty: 'easy', experience_reward: 50, status, auto_completion_rules: rules }, at(0));
const completed = (user_id: number, quest_id: number) =>
  eventOf(QuestCompleted, { user_id, quest_id, quest_type: 'side', experience_reward: 50, completion_timestamp: at(50), auto_completed: false }, at(50));
const failed = (user_id: number, quest_id: number) => eventOf(QuestFailed, { user_id, quest_id, quest_type: 'side', failure_reason: 'timeout', failure_timestamp: at(20) }, at(20));
const became = (user_id: number, quest_id: number, previous_status: 'draft' | 'paused' | 'failed' | 'active', new_status: 'active' | 'paused', seconds: number) =>
  eventOf(QuestStatusChanged, { user_id, quest_id, previous_status, new_status, changed_at: at(seconds) }, at(seconds));
const changed = (user_id: number, quest_id: number, over: { deleted?: boolean; rules?: typeof rules; seconds?: number } = {}) =>
  eventOf(QuestChanged, { user_id, quest_id, title: 'Tasks', due_date: null, auto_completion_rules: over.rules ?? rules, deleted: over.deleted ?? false }, at(over.seconds ?? 60));
const hear = (...events: Parameters<WatchQuestWhenItChanges['handle']>[0]) => bench.handle(new WatchQuestWhenItChanges(), ...events);
const watched = async (user: number) => (await watchedQuests(bench.database, user, 'todoist')).map(({ quest_id, active_since }) => [quest_id, active_since]);

describe('I-11: rules of quests', () => {
  it.each([
    ['an active quest, since it was created', (u: number, q: number) => [created(u, q)], at(0)],
    ['a draft', (u: number, q: number) => [created(u, q, 'draft')], null],
    ['a draft that became active, since then', (u: number, q: number) => [created(u, q, 'draft'), became(u, q, 'draft', 'active', 10)], at(10)],
    ['a completed quest', (u: number, q: number) => [created(u, q), completed(u, q)], null],
    ['a failed quest', (u: number, q: number) => [created(u, q), failed(u, q)], null],
    ['a quest taken up again, since then', (u: number, q: number) => [created(u, q), failed(u, q), became(u, q, 'failed', 'active', 30)], at(30)],
    ['a paused quest, which remembers', (u: number, q: number) => [created(u, q), became(u, q, 'active', 'paused', 10)], at(0)],
    ['a quest after its pause, since before it', (u: number, q: number) => [created(u, q), became(u, q, 'active', 'paused', 10), became(u, q, 'paused', 'active', 20)], at(0)],
    ['a quest whose rules were taken away', (u: number, q: number) => [created(u, q), changed(u, q, { rules: [] })], null],
    ['a quest that was given rules', (u: number, q: number) => [eventOf(QuestCreated, { ...created(u, q).payload, auto_completion_rules: [] } as never, at(0)), changed(u, q)], at(0)],
    ['a deleted quest', (u: number, q: number) => [created(u, q), changed(u, q, { deleted: true })], null],
  ] as const)('are watched for %s', async (_what, story, since) => {
    const [user, id] = [++person, ++quest];
    await hear(...story(user, id));
    const whole = await watched(user);
    expect(whole).toEqual(since === null ? [] : [[id, since]]);
    const [user2, id2] = [++person, ++quest];
    for (const event of story(user2, id2)) await hear(event);
    expect(await watched(user2)).toEqual(since === null ? [] : [[id2, since]]);
  });

  it('end for good with completion; hearing of the creation again changes nothing', async () => {
    const [user, id] = [++person, ++quest];
    await hear(created(user, id), completed(user, id), became(user, id, 'failed', 'active', 70), eventOf(QuestCreated, created(user, id).payload as never, at(0)));
    expect(await watched(user)).toEqual([]);
  });

  it('are met once for each quest, whichever topic is read first', async () => {
    const [user, id] = [++person, ++quest];
    const triggered = eventOf(AutoCompletionTriggered, { user_id: user, quest_id: id, trigger_source: 'todoist', trigger_data: {}, completion_timestamp: at(5) });
    await bench.handle(new RememberCompletionWhenAutoCompletionTriggered(), triggered);
    await hear(created(user, id));
    expect(await watched(user)).toEqual([]);
  });
});

const remember = new RememberIntegrationWhenConnectedOrDisconnected(new Sources({ fake: true }));
const connected = (user_id: number, integration_id: number, seconds = 0, service_name = 'todoist') =>
  eventOf(IntegrationConnected, { user_id, integration_id, service_name, integration_type: 'productivity', connection_timestamp: at(seconds) });
const gone = (user_id: number, integration_id: number, seconds: number) =>
  eventOf(IntegrationDisconnected, { user_id, integration_id, service_name: 'todoist', disconnection_reason: 'user_request', disconnection_timestamp: at(seconds) });

describe('I-10: disconnection drops rules', () => {
  it('with the last connection to their service, until they are told again; in any order of topics', async () => {
    for (const questsFirst of [true, false]) {
      const [user, id, first] = [++person, ++quest, 1000 + person * 10];
      if (questsFirst) await hear(created(user, id));
      await bench.handle(remember, connected(user, first), connected(user, first + 1, 1), gone(user, first, 2));
      if (!questsFirst) await hear(created(user, id));
      expect(await watched(user)).toHaveLength(1);
      await bench.handle(remember, gone(user, first + 1, 3), connected(user, first + 2, 4));
      expect(await watched(user)).toEqual([]);
      await hear(changed(user, id));
      expect(await watched(user)).toHaveLength(1);
    }
  });
});

const data = (user_id: number, integration_id: number, ...points: [seconds: number, value: number][]) =>
  eventOf(ExternalDataReceived, {
    user_id, integration_id, data_type: 'task', data_points_count: points.length, sync_timestamp: at(100), data_quality_score: 1,
    data_points: points.map(([seconds, value]) => ({ metric: 'task.completed', value, unit: 'count', recorded_at: at(seconds) })),
  });

describe('a rebuilt service', () => {
  it('knows connections again, without credentials, and gives no id twice', async () => {
    const user = ++person;
    await bench.handle(remember, connected(user, 90_000), connected(user, 90_001, 1, 'bank_csv'), connected(user, 90_002), gone(user, 90_002, 5));
    await bench.handle(remember, connected(user, 90_000));
    expect((await integrationsOf(bench.database, user, { limit: 10, offset: 0 })).map(({ integration_id, state, sealed, connected_at }) => [integration_id, state, sealed, connected_at])).toEqual([
      [90_000, 'needs_credentials', null, at(0)], [90_001, 'connected', null, at(1)],
    ]);
    const { rows } = await bench.database.query<{ id: string }>(`SELECT nextval('integration_ids') AS id`);
    expect(Number(rows[0]?.id)).toBe(90_003);
  });

  it('I-6, Q-14: has its points and sums again; what a connection made anew brought again counts once', async () => {
    const user = ++person;
    await grantConsents(bench.database, user, ['external_integrations']);
    const keep = new KeepPointsWhenExternalDataReceived();
    await bench.handle(keep, data(user, 91_000, [1, 0.1], [2, 0.2]));
    await bench.handle(keep, data(user, 91_000, [1, 0.1], [2, 0.2]), data(user, 91_001, [2, 0.2], [3, 0.4]));
    await bench.handle(remember, connected(user, 91_000), gone(user, 91_000, 2), connected(user, 91_001, 2));
    const since = (seconds: number) => measuredSince(bench.database, { userId: user, source: 'todoist', metric: 'task.completed', since: at(seconds) });
    expect([await since(0), await since(2), await since(4)]).toEqual([{ sum: 0.7, points: 3 }, { sum: 0.6, points: 2 }, { sum: 0, points: 0 }]);
  });
});

describe('I-10, V-9: consent that ends', () => {
  it('disconnects with that reason, and drops what came from outside', async () => {
    const [user, other] = [++person, ++person];
    await bench.handle(remember, connected(user, 92_000), connected(other, 92_001));
    await bench.handle(new KeepPointsWhenExternalDataReceived(), data(user, 92_000, [1, 1]), data(other, 92_001, [1, 1]));
    const listener = new DisconnectWhenConsentEnds({ now: () => at(99) });
    class Listening {
      // By the context of the real delivery; what kind of event the cause is does not matter here.
      handle(events: readonly EventOf<typeof QuestCompleted>[], context: HandlerContext): Promise<void> {
        const ended = events.map((cause): EndedConsent => {
          const { user_id } = cause.payload;
          return { user_id, purposes: new Set([user_id === user ? ('external_integrations' as const) : ('analytics' as const)]), eventTypes: new Set(), cause };
        });
        return listener.consentsEnded(ended, context);
      }
    }
    const raised = await bench.handle(new Listening(), completed(user, 1), completed(other, 2));
    expect(raised.map(({ type, payload }) => [type.name, payload])).toEqual([
      ['IntegrationDisconnected', { user_id: user, integration_id: 92_000, service_name: 'todoist', disconnection_reason: 'consent_withdrawn', disconnection_timestamp: at(99) }],
    ]);
    expect((await bench.database.query('SELECT integration_id FROM points WHERE user_id = ANY ($1::bigint[])', [[user, other]])).rows).toEqual([{ integration_id: '92001' }]);
    expect(await integrationsOf(bench.database, user, { limit: 10, offset: 0 })).toEqual([]);
  });
});
