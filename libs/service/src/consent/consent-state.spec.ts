import { describe, expect, it } from '@jest/globals';
import { ConsentState, InsightGenerated, QuestCompleted, TrendDetected } from '@lifeos/contracts';
import type { EventEnvelope } from '@lifeos/events';
import { allows, changesBetween, endedBetween, nothingAllowed, sensitiveTypes } from './consent-state.js';
import { dataCategories, dataCategoriesOf, isSorted } from './data-categories.js';
import { followStates } from './follow-states.js';

const state = (purposes: Record<string, string>, overrides: Record<string, boolean> = {}) => ({ purposes, overrides });

const stateEvent = (revision: number, { purposes, overrides }: ReturnType<typeof state>, user_id = 7): EventEnvelope<ReturnType<typeof ConsentState.build>> => ({
  eventId: `00000000-0000-4000-8000-00000000000${revision}`, type: ConsentState, version: '1.0.0', timestamp: new Date(0), key: String(user_id),
  correlationId: null, causationId: null, source: 'dashboard', traceparent: null,
  payload: ConsentState.build({ user_id, revision, purposes, event_type_overrides: overrides, changed_at: new Date(revision) }),
});

describe('allows', () => {
  it.each([['granted', true], ['pending', false], ['denied', false], ['withdrawn', false], ['expired', false]])('V-3: %s allows: %s', (status, expected) => {
    expect(allows(state({ ai_insights: status }), InsightGenerated)).toBe(expected);
  });

  it('V-3: takes unknown for no, and asks nothing for core events', () => {
    expect(allows(nothingAllowed, InsightGenerated)).toBe(false);
    expect(allows(nothingAllowed, QuestCompleted)).toBe(true);
    expect(allows({ purposes: { ai_insights: true }, overrides: { InsightGenerated: 'yes' } }, InsightGenerated)).toBe(false);
  });

  it('V-5: lets the word on one event win over its purpose, both ways', () => {
    expect(allows(state({ ai_insights: 'granted' }, { InsightGenerated: false }), InsightGenerated)).toBe(false);
    expect(allows(state({}, { InsightGenerated: true }), InsightGenerated)).toBe(true);
    expect(allows(state({ analytics: 'granted' }, { InsightGenerated: false }), TrendDetected)).toBe(true);
  });
});

describe('changes', () => {
  it('V-9: ends the purpose and those of its events that had no word of their own', () => {
    const ended = endedBetween(state({ ai_insights: 'granted', analytics: 'granted' }, { InsightGenerated: true }), state({ ai_insights: 'withdrawn', analytics: 'granted' }, { InsightGenerated: true }), {
      userId: 7, cause: stateEvent(2, state({})),
    });
    expect([...(ended?.purposes ?? [])]).toEqual(['ai_insights']);
    expect([...(ended?.eventTypes ?? [])].sort()).toEqual(['PatternDetected', 'PredictionGenerated', 'RecommendationCreated', 'SkillRecommendationGenerated']);
  });

  it('V-9: ends nothing that was not allowed', () => {
    expect(endedBetween(state({ ai_insights: 'pending' }), state({ ai_insights: 'denied' }), { userId: 7, cause: stateEvent(2, state({})) })).toBeNull();
    expect(endedBetween(nothingAllowed, state({ ai_insights: 'granted' }), { userId: 7, cause: stateEvent(2, state({})) })).toBeNull();
  });

  it('V-7: names each purpose and each event whose word changed', () => {
    const changes = changesBetween(state({ ai_insights: 'granted' }), state({ ai_insights: 'withdrawn', marketing: 'granted' }, { InsightGenerated: true }));
    expect(changes.map(({ eventType, purpose, isAllowed, reason }) => [eventType?.name ?? null, purpose, isAllowed, reason])).toEqual([
      [null, 'ai_insights', false, 'granted -> withdrawn'],
      [null, 'marketing', true, 'pending -> granted'],
      ['InsightGenerated', 'ai_insights', true, 'as its purpose -> allowed'],
    ]);
  });
});

describe('followStates', () => {
  it.each([[1, 0], [2, 0], [3, 1]])('V-8: with revision 2 known, revision %i is news to %i', (revision, news) => {
    const known = new Map([[7, { user_id: 7, revision: 2, changed_at: new Date(0), ...state({}) }]]);
    expect(followStates(known, [stateEvent(revision, state({ analytics: 'granted' }))]).states).toHaveLength(news);
  });

  it('V-9: tells of what ended within one batch, although it was granted again', () => {
    const { states, ended } = followStates(new Map(), [1, 2, 3].map((revision) => stateEvent(revision, state({ ai_insights: revision === 2 ? 'withdrawn' : 'granted' }))));
    expect(states).toMatchObject([{ revision: 3, purposes: { ai_insights: 'granted' } }]);
    expect(ended.map(({ cause }) => cause.payload)).toMatchObject([{ revision: 2 }]);
  });
});

describe('data categories', () => {
  it('V-2: sorts every sensitive event into known categories', () => {
    expect(sensitiveTypes.filter(({ name }) => !isSorted(name)).map(({ name }) => name)).toEqual([]);
    for (const type of sensitiveTypes) expect(dataCategories).toEqual(expect.arrayContaining([...dataCategoriesOf(type)]));
    expect(dataCategoriesOf({ name: 'Unheard' })).toEqual(['sensitive']);
  });
});
