import { describe, expect, it, jest } from '@jest/globals';
import { ExperienceAwarded, QuestCompleted } from '@lifeos/contracts';
import type { EventEnvelope, NewEvent } from '@lifeos/events';
import { derivedEventId } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import { silentLog } from './ports.js';
import { RaisingContext } from './raising-context.js';
import { Subscription } from './subscriptions.js';
import { handlerOf, idOf } from './testing/records.js';

const refuse = () => Promise.reject(new Error('not here'));
const tx: Transaction = {
  keys: new Set(['7']), failure: null, query: refuse, savepoint: refuse, beforeCommit: () => undefined, afterCommit: () => undefined, revoke: () => undefined,
};
const input = { user_id: 7, experience_points: 25, source_type: 'quest', source_id: 3, reason: 'Quest done' } as const;
const cause: EventEnvelope = {
  eventId: idOf('cause'), type: QuestCompleted, version: '1.0.0', timestamp: new Date('2026-11-21T08:00:00Z'), key: '7',
  correlationId: 'flow', causationId: null, source: 'quests', traceparent: '00-trace', payload: {},
};

function contextOf(name: string, aliases: string[] = []) {
  const append = jest.fn<(on: Transaction, events: readonly NewEvent[]) => void>();
  const context = new RaisingContext(new Subscription(handlerOf(name, async () => undefined, { aliases })), { tx, log: { append }, logger: silentLog, isReplay: false });
  return { context, append };
}
const raiseIn = ({ context }: ReturnType<typeof contextOf>, more: { fact?: string; cause?: EventEnvelope } = {}) =>
  context.raise(ExperienceAwarded, input, { cause, ...more });

describe('raise', () => {
  it('appends the event as an effect of its cause', () => {
    const { context, append } = contextOf('book');
    const eventId = context.raise(ExperienceAwarded, input, { cause, fact: 'quest:3' });
    expect(eventId).toBe(derivedEventId({ context: 'dashboard', eventName: 'ExperienceAwarded', userId: 7, fact: 'quest:3' }));
    expect(append.mock.calls).toEqual([[tx, [{
      eventId, type: ExperienceAwarded, timestamp: cause.timestamp, key: '7', correlationId: 'flow', causationId: cause.eventId, traceparent: '00-trace', payload: input,
    }]]]);
  });

  it('begins a flow with its cause when there is none, and takes a time of its own', () => {
    const { context, append } = contextOf('book');
    const timestamp = new Date('2026-11-20T00:00:00Z');
    context.raise(ExperienceAwarded, input, { cause: { ...cause, correlationId: null }, timestamp });
    expect(append.mock.calls[0]?.[1][0]).toMatchObject({ correlationId: cause.eventId, timestamp });
  });

  it('gives the same ids when the handler runs again, and others to each event of a cause', () => {
    const run = () => {
      const one = contextOf('book');
      const other = { ...cause, eventId: idOf('other') };
      return [raiseIn(one), raiseIn(one), raiseIn(one, { cause: other }), raiseIn(one, { fact: 'own' })];
    };
    expect(run()).toEqual(run());
    expect(new Set(run()).size).toBe(4);
  });

  it('keeps apart what two handlers raise for one cause, and together what a handler raises before and after a rename', () => {
    expect(raiseIn(contextOf('a'))).not.toBe(raiseIn(contextOf('b')));
    expect(raiseIn(contextOf('new', ['a']))).toBe(raiseIn(contextOf('a')));
  });

  it('refuses what the catalog forbids, and everything once the handler has returned', () => {
    const one = contextOf('book');
    expect(() => one.context.raise(ExperienceAwarded, { ...input, experience_points: 0 }, { cause })).toThrow(/experience_points/);
    one.context.close();
    expect(() => raiseIn(one)).toThrow(/has returned/);
    expect(one.append).not.toHaveBeenCalled();
  });
});
