import type { AnyEventType } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';

const unused = (): never => {
  throw new Error('not part of this test');
};

/** An event type as far as handlers are told apart by it. */
export function eventType(name: string, topic = 'lifeos.test.events'): AnyEventType {
  return {
    name,
    context: 'test',
    major: 1,
    recordName: `lifeos.test.v1.${name}`,
    version: '1.0.0',
    schemas: new Map(),
    topic,
    purpose: null,
    isDomainEvent: true,
    get avroType(): never {
      return unused();
    },
    build: unused,
    encode: unused,
    decode: unused,
    toJson: unused,
    fromJson: unused,
  };
}

export function fakeEvent(type: AnyEventType, key = '42'): EventEnvelope {
  return {
    eventId: '0190a1b2-0000-7000-8000-000000000001',
    type,
    version: type.version,
    timestamp: new Date(0),
    key,
    correlationId: null,
    causationId: null,
    source: type.context,
    traceparent: null,
    payload: {},
  };
}

export function fakeContext(): HandlerContext {
  return {
    handler: 'test',
    isReplay: false,
    afterCommit: unused,
    get tx(): never {
      return unused();
    },
    raise: unused,
    signal: new AbortController().signal,
  };
}
