import { describe, expect, it, jest } from '@jest/globals';
import { UpcastChains, type AnyEventType } from '@lifeos/contracts';
import { SleepLogged, SleepLoggedV2, SleepLoggedV3, workedMajors } from '@lifeos/contracts/testing';
import type { EventEnvelope } from '@lifeos/events';
import { classify } from './classify.js';
import { VersionGapsInRange } from './errors.js';
import type { HandlerDefinition } from './handler.js';
import { subscriptionsOf, TopicRoutes, type Subscription } from './subscriptions.js';
import { handlerOf, recordOf } from './testing/records.js';

const { types, upcasts } = workedMajors;
const topic = 'lifeos.health.events';
const taking = (name: string, type: AnyEventType | '*', versions: string): HandlerDefinition => handlerOf(name, async () => undefined, { types: type === '*' ? type : [type], versions });

/** Who gets an event of a type and version, and who is named in a warning. */
function routed(handlers: readonly HandlerDefinition[], type: AnyEventType, version: string) {
  const routes = new TopicRoutes(topic, subscriptionsOf(handlers, types, upcasts), types);
  const leftOut = jest.fn<(one: Subscription) => void>();
  const result = classify(recordOf({ offset: 0, version, headers: { ce_type: type.recordName } }), routes, leftOut);
  return { takers: typeof result === 'string' ? result : result.subscriptions.map(({ id }) => id), leftOut: leftOut.mock.calls.map(([{ id }]) => id) };
}

describe('an event of an older major', () => {
  const current = taking('current', SleepLoggedV3, '>=1.0.0');

  it('goes to handlers of a newer major that it can be read as, and to those of its own', () => {
    const old = taking('old', SleepLogged, '^1.0.0');
    expect(routed([current, old], SleepLogged, '1.1.0')).toEqual({ takers: ['current', 'old'], leftOut: [] });
    expect(routed([current, old], SleepLoggedV3, '3.0.0')).toEqual({ takers: ['current'], leftOut: ['old'] });
  });

  it('VR-9: below the range, counts when an upcaster leads it into the range', () => {
    expect(routed([taking('a', SleepLoggedV3, '^3.0.0')], SleepLogged, '1.0.0').takers).toEqual(['a']);
    expect(routed([taking('a', SleepLoggedV3, '^4.0.0')], SleepLogged, '1.0.0')).toEqual({ takers: 'version_out_of_range', leftOut: ['a'] });
  });

  it('VR-9: goes to a fallback when its handler cannot be given it, in place of a warning', () => {
    const fallback = { ...taking('a', SleepLoggedV2, '^2.0.0'), fallback: async () => undefined };
    const takes = (handler: HandlerDefinition, type: AnyEventType, version: string) => routed([handler], type, version);
    expect(takes({ ...fallback, versions: '>=2.1.0 <3.0.0' }, SleepLoggedV2, '2.0.0')).toEqual({ takers: ['a'], leftOut: [] });
    expect(takes({ ...fallback, versions: '>=2.1.0 <3.0.0' }, SleepLogged, '1.0.0')).toEqual({ takers: ['a'], leftOut: [] });
    expect(takes(fallback, SleepLoggedV3, '3.0.0')).toEqual({ takers: ['a'], leftOut: [] });
    const [one] = subscriptionsOf([fallback], types, upcasts);
    expect([SleepLogged, SleepLoggedV2, SleepLoggedV3].map((type) => one?.fallsBack(type, type.version))).toEqual([false, false, true]);
  });

  it('VR-11: may have a newer minor than this build knows', () => {
    expect(routed([current], SleepLogged, '1.9.0').takers).toEqual(['current']);
  });

  it('comes as what each handler was compiled to read, the very event where nothing changes', () => {
    const event: EventEnvelope = {
      eventId: 'e', type: SleepLogged, version: '1.1.0', timestamp: new Date(0), key: '7', correlationId: null, causationId: null, source: 'health', traceparent: null,
      payload: { user_id: 7, minutes: 1, note: '' },
    };
    const given = (type: AnyEventType | '*', versions = '<4.0.0') => {
      const [one] = subscriptionsOf([taking('a', type, versions)], types, upcasts);
      return one?.given(event);
    };
    expect(given(SleepLoggedV2, '<3.0.0')).toEqual({ ...event, type: SleepLoggedV2, payload: { user_id: 7, duration_ms: 60_000, notes: [] } });
    expect(given('*')).toMatchObject({ type: SleepLoggedV3, version: '1.1.0', payload: { device: null } });
    expect(given(SleepLogged, '^1.0.0')).toBe(event);
  });
});

describe('a service whose handler declares versions that it could never get', () => {
  it('refuses to start, and says which and why', () => {
    const start = () => subscriptionsOf([taking('log-sleep', SleepLoggedV2, '>=1.0.0')], types, new UpcastChains([]));
    expect(start).toThrow(VersionGapsInRange);
    expect(start).toThrow('The range of handler log-sleep holds lifeos.health.v1.SleepLogged 1.0.0, which it cannot be given: no upcaster leads from major 1 to 2; write it, or let the range begin later');
    expect(start).toThrow('lifeos.health.v3.SleepLogged 3.0.0');
  });
});
