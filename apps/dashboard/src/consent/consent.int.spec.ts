import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsentState } from '@lifeos/contracts';
import { EventLog } from '@lifeos/event-log';
import { eventOf } from '@lifeos/app-testing';
import { consentPurposes } from '@lifeos/service';
import { runDashboard, type RunningDashboard } from '../testing/running-dashboard.js';
import { consentsOf } from './consent-settings.js';
import { RestoreConsentWhenConsentState } from './restore-consent-when-consent-state.js';

let dashboard: RunningDashboard;
beforeAll(async () => {
  dashboard = await runDashboard();
});
afterAll(() => dashboard.stop());

let people = 0;
async function newPerson() {
  people += 1;
  const { body } = await dashboard.call('POST', '/dashboard/users', { body: { username: `person-${people}`, email: `p${people}@example.org`, password: 'correct horse battery' } });
  const userId = Number(body['user_id']);
  const token = await dashboard.tokenOf(userId);
  const ask = (method: string, path: string, request?: unknown) => dashboard.call(method, `/privacy/${path}/${userId}`, { token, ...(request === undefined ? {} : { body: request }) });
  return {
    userId,
    show: () => ask('GET', 'consents'),
    decide: (purpose: string, granted: unknown) => ask('PUT', 'consents', { purpose, granted }),
    decideEvent: (event_type: string, allowed: unknown) => ask('PUT', 'events', { event_type, allowed }),
  };
}

async function told(userId: number) {
  const log = new EventLog({ database: dashboard.database, service: 'dashboard', types: [ConsentState] });
  const states: object[] = [];
  for await (const { payload } of log.readAll({ key: String(userId), types: [ConsentState] })) states.push(payload);
  return states;
}

describe('R-22: consents of a person', () => {
  it('V-1, V-14: are pending before anybody decided, and allow nothing', async () => {
    const person = await newPerson();
    const { status, body } = await person.show();
    expect({ status, body }).toMatchObject({ status: 200, body: { user_id: person.userId, revision: 0, changed_at: null, consents: consentPurposes.map((purpose) => ({ purpose, status: 'pending', since: null })) } });
    expect(body['event_types']).toHaveLength(13);
    expect(body['event_types']).toContainEqual({ event_type: 'InsightGenerated', purpose: 'ai_insights', decision: null, allowed: false });
  });

  it('V-8: go to every service whole, one revision a change, in the transaction that changes them', async () => {
    const person = await newPerson();
    expect(await person.decide('ai_insights', true)).toMatchObject({ status: 200, body: { revision: 1 } });
    expect(await person.decide('ai_insights', true)).toMatchObject({ status: 200, body: { revision: 1 } });
    expect(await person.decideEvent('InsightGenerated', false)).toMatchObject({ status: 200, body: { revision: 2 } });
    expect(await person.decideEvent('InsightGenerated', false)).toMatchObject({ body: { revision: 2 } });
    expect(await person.decide('ai_insights', false)).toMatchObject({ body: { revision: 3 } });
    const [first, second, third, ...more] = await told(person.userId);
    expect(first).toMatchObject({ user_id: person.userId, revision: 1, purposes: { ai_insights: 'granted', analytics: 'pending' }, event_type_overrides: {} });
    expect(second).toMatchObject({ revision: 2, purposes: { ai_insights: 'granted' }, event_type_overrides: { InsightGenerated: false } });
    expect(third).toMatchObject({ revision: 3, purposes: { ai_insights: 'withdrawn' }, event_type_overrides: { InsightGenerated: false } });
    expect(more).toEqual([]);
    const { rows } = await dashboard.database.query('SELECT DISTINCT topic FROM event_log WHERE key = $1 AND type = $2', [String(person.userId), ConsentState.recordName]);
    expect(rows).toEqual([{ topic: 'lifeos.privacy.consents' }]);
  });

  it('V-5: the word on one event wins over its purpose', async () => {
    const person = await newPerson();
    await person.decide('ai_insights', true);
    const { body } = await person.decideEvent('PatternDetected', false);
    expect(body['event_types']).toEqual(expect.arrayContaining([
      { event_type: 'PatternDetected', purpose: 'ai_insights', decision: false, allowed: false },
      { event_type: 'InsightGenerated', purpose: 'ai_insights', decision: null, allowed: true },
    ]));
  });

  it.each([['core_functionality', true], ['sales', true], ['analytics', 'yes'], ['analytics', undefined]])('answers 400 to purpose %s, granted %s, and changes nothing', async (purpose, granted) => {
    const person = await newPerson();
    expect((await person.decide(purpose, granted)).status).toBe(400);
    expect(await told(person.userId)).toEqual([]);
  });

  it.each([['QuestCompleted', true], ['Unheard', true], ['InsightGenerated', 1]])('answers 400 to event type %s, allowed %s, naming every fault', async (eventType, allowed) => {
    const person = await newPerson();
    expect((await person.decideEvent(eventType, allowed)).status).toBe(400);
    expect((await dashboard.call('PUT', `/privacy/events/${person.userId}`, { token: await dashboard.tokenOf(person.userId), body: {} })).body['details']).toHaveLength(2);
    expect(await told(person.userId)).toEqual([]);
  });

  it('belong to the person alone', async () => {
    const [ada, bob] = [await newPerson(), await newPerson()];
    const token = await dashboard.tokenOf(bob.userId);
    expect((await dashboard.call('GET', `/privacy/consents/${ada.userId}`, { token })).status).toBe(403);
    expect((await dashboard.call('PUT', `/privacy/consents/${ada.userId}`, { token, body: { purpose: 'analytics', granted: true } })).status).toBe(403);
    expect((await dashboard.call('GET', '/privacy/consents/999999', { token: await dashboard.tokenOf(999_999) })).status).toBe(404);
  });

  it('V-3: marketing and research expire after 365 days, once', async () => {
    const person = await newPerson();
    for (const purpose of ['marketing', 'research', 'analytics']) await person.decide(purpose, true);
    const token = await dashboard.tokenOf(person.userId, 'operator');
    const run = () => dashboard.call('POST', '/operator/jobs/expire-consents/run', { token, body: { day: '2026-11-20' } });
    dashboard.passTime(364 * 86_400_000);
    expect((await run()).body).toMatchObject({ people: 0 });
    dashboard.passTime(86_400_000);
    expect((await run()).body).toMatchObject({ people: 1 });
    expect((await run()).body).toMatchObject({ people: 0 });
    const states = await told(person.userId);
    expect(states).toHaveLength(4);
    expect(states.at(-1)).toMatchObject({ revision: 4, purposes: { marketing: 'expired', research: 'expired', analytics: 'granted' } });
  });

  it('V-8: are known again after a rebuild, so that the next revision is a new one', async () => {
    const person = await newPerson();
    const states = [2, 7, 4].map((revision) => eventOf(ConsentState, { user_id: person.userId, revision, purposes: { analytics: revision === 7 ? 'granted' : 'denied' }, event_type_overrides: { TrendDetected: false }, changed_at: new Date(revision) }));
    await dashboard.database.transaction({ keys: [String(person.userId)] }, (tx) =>
      new RestoreConsentWhenConsentState().handle(states, { tx, handler: 'test', isReplay: false, raise: () => '', afterCommit: () => undefined, signal: new AbortController().signal }),
    );
    expect((await consentsOf(dashboard.database, [person.userId])).get(person.userId)).toMatchObject({ revision: 7, purposes: { analytics: { status: 'granted', since: new Date(7) } }, overrides: { TrendDetected: false } });
    expect(await person.decide('analytics', false)).toMatchObject({ body: { revision: 8 } });
  });
});
