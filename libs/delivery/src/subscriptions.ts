import { catalogUpcasts, versionGaps, type AnyEventType, type Upcast, type UpcastChains } from '@lifeos/contracts';
import type { EventEnvelope } from '@lifeos/events';
import { isVersion, rangeHolds, rangeText } from '@lifeos/events';
import { HandlerNameTaken, VersionGapsInRange } from './errors.js';
import type { HandlerDefinition } from './handler.js';
import { defaultRetryPolicy, type FullRetryPolicy } from './retry-policy.js';

/** More distinct texts than any catalog has: what comes beyond is looked at afresh each time, not kept. */
const remembered = 1_000;

/** A handler under the name by which positions and dead letters know it. */
export class Subscription {
  /**
   * The oldest of its names, so that in a rolling deployment the service before the rename and the one
   * after it share one position.
   */
  readonly id: string;
  readonly retry: FullRetryPolicy;
  private readonly verdicts = new Map<string, boolean>();
  /** The types that its events may be given as. */
  private readonly wanted: readonly AnyEventType[];
  private readonly readings = new Map<AnyEventType, Reading>();
  /** Most batches hold one type: it is found without a look into the map. */
  private lastReading: Reading | null = null;

  constructor(readonly handler: HandlerDefinition, known: readonly AnyEventType[] = [], private readonly upcasts: UpcastChains = catalogUpcasts) {
    this.id = handler.aliases[0] ?? handler.name;
    this.wanted = handler.types === '*' ? known.filter(({ isDomainEvent }) => isDomainEvent) : handler.types;
    this.retry = { ...defaultRetryPolicy, ...handler.retry };
    rangeText(handler.versions);
  }

  takes(version: string): boolean {
    const known = this.verdicts.get(version);
    if (known !== undefined) return known;
    const verdict = rangeHolds(this.handler.versions, version);
    if (this.verdicts.size < remembered) this.verdicts.set(version, verdict);
    return verdict;
  }

  /** Whether events written as this type are given to it, as what they are or as a newer major. */
  isFor(type: AnyEventType): boolean {
    return this.handler.types === '*' ? type.isDomainEvent : this.readingOf(type).as !== null;
  }

  /** VR-9: an event older than the range counts when an upcaster leads it into the range. */
  takesWritten(type: AnyEventType | null, version: string): boolean {
    if (this.takes(version)) return true;
    const readAs = type === null ? null : this.readingOf(type).as;
    return readAs !== null && readAs !== type && isVersion(version) && this.takes(readAs.version);
  }

  /** Whether events of this type and version are given to its fallback (VR-9). */
  fallsBack(type: AnyEventType | null, version: string): boolean {
    return this.handler.fallback !== undefined && type !== null && !(this.isFor(type) && this.takesWritten(type, version));
  }

  /** Whether it is called with events of this type and version, one way or the other. */
  isCalledWith(type: AnyEventType | null, version: string): boolean {
    return this.takesWritten(type, version) || this.fallsBack(type, version);
  }

  /** The event as this handler was compiled to read it: an older major comes as the newest that it wants. */
  given(event: EventEnvelope): EventEnvelope {
    const { as, upcast } = this.readingOf(event.type);
    return as === null || upcast === null ? event : asRead(event, as, upcast(event.payload));
  }

  private readingOf(written: AnyEventType): Reading {
    if (this.lastReading?.written === written) return this.lastReading;
    const reading = this.readings.get(written) ?? this.findReading(written);
    this.readings.set(written, reading);
    return (this.lastReading = reading);
  }

  private findReading(written: AnyEventType): Reading {
    const isItsOwn = this.handler.types !== '*' && this.handler.types.includes(written);
    const as = isItsOwn ? written : this.upcasts.newestFor(written, this.wanted);
    return { written, as, upcast: as === null || as === written ? null : this.upcasts.between(written, as) };
  }
}

/** Written out: a spread with two replaced fields takes twice as long. */
function asRead(event: EventEnvelope, type: AnyEventType, payload: object): EventEnvelope {
  const { eventId, version, timestamp, key, correlationId, causationId, source, traceparent } = event;
  return { eventId, type, version, timestamp, key, correlationId, causationId, source, traceparent, payload };
}

/** How a handler gets events that were written as one type. */
interface Reading {
  readonly written: AnyEventType;
  /** Null when it cannot be given them. */
  readonly as: AnyEventType | null;
  /** Null when there is nothing to change. */
  readonly upcast: Upcast | null;
}

/**
 * `known` is everything compiled in: what wildcards get, and what ranges are held against.
 * @throws HandlerNameTaken, InvalidVersionRange, VersionGapsInRange
 */
export function subscriptionsOf(handlers: readonly HandlerDefinition[], known: readonly AnyEventType[] = [], upcasts = catalogUpcasts): Subscription[] {
  const taken = new Set<string>();
  for (const name of handlers.flatMap((handler) => [handler.name, ...handler.aliases])) {
    if (taken.has(name)) throw new HandlerNameTaken(name);
    taken.add(name);
  }
  requireNoGaps(handlers, known, upcasts);
  return handlers.map((handler) => new Subscription(handler, known, upcasts));
}

/**
 * Also before there is anything to call: what handlers declare is enough.
 * @throws InvalidVersionRange, VersionGapsInRange naming every gap of every handler.
 */
export function requireNoGaps(handlers: readonly Pick<HandlerDefinition, 'name' | 'types' | 'versions'>[], known: readonly AnyEventType[], upcasts = catalogUpcasts): void {
  const gaps = handlers.flatMap(({ name, types, versions }) =>
    versionGaps({ types, takes: (version) => rangeHolds(versions, version) }, known, upcasts).map((gap) => ({ handler: name, ...gap })),
  );
  if (gaps.length > 0) throw new VersionGapsInRange(gaps);
}

/** Who gets the records of one `ce_type`. */
export interface Route {
  /** Null: this service was not compiled with that major. */
  readonly type: AnyEventType | null;
  /** In the order of their calls: the type's own handlers as registered, then wildcards (P-7). */
  readonly subscriptions: readonly Subscription[];
  /** Handlers of the same event that do not take this major (VR-8). */
  readonly leftOut: readonly Subscription[];
  /** Set when the major is newer than any that the service knows. */
  readonly newestMajor: number | null;
}

const nobody: Route = { type: null, subscriptions: [], leftOut: [], newestMajor: null };

/** Routes of one topic. */
export class TopicRoutes {
  /** Everyone who may get records of this topic, and so has a position in it. */
  readonly subscriptions: readonly Subscription[];
  private readonly routes = new Map<string, Route>();

  constructor(topic: string, all: readonly Subscription[], private readonly knownTypes: readonly AnyEventType[]) {
    const ofTopic = knownTypes.filter((type) => type.topic === topic);
    // A topic that no type names (a test's, or a renamed one) may carry any of them.
    const isAnyones = ofTopic.length === 0;
    this.subscriptions = all.filter((one) => isAnyones || ofTopic.some((type) => one.isFor(type)));
  }

  routeOf(ceType: string): Route {
    const known = this.routes.get(ceType);
    if (known !== undefined) return known;
    const route = this.findRoute(ceType);
    if (this.routes.size < remembered) this.routes.set(ceType, route);
    return route;
  }

  private findRoute(ceType: string): Route {
    const name = splitRecordName(ceType);
    if (name === null) return nobody;
    const majors = this.knownTypes.filter((type) => splitRecordName(type.recordName)?.event === name.event);
    if (majors.length === 0) return nobody;
    const interested = this.inCallOrder((one) => majors.some((type) => one.isFor(type)));
    const newestMajor = Math.max(...majors.map((type) => type.major));
    const type = majors.find(({ recordName }) => recordName === ceType) ?? null;
    if (type === null && name.major > newestMajor) return { type, subscriptions: interested, leftOut: [], newestMajor };
    const takes = (one: Subscription) => type !== null && (one.isFor(type) || one.handler.fallback !== undefined);
    return { type, subscriptions: interested.filter(takes), leftOut: interested.filter((one) => !takes(one)), newestMajor: null };
  }

  private inCallOrder(test: (one: Subscription) => boolean): Subscription[] {
    const chosen = this.subscriptions.filter(test);
    const isWildcard = ({ handler }: Subscription) => handler.types === '*';
    return [...chosen.filter((one) => !isWildcard(one)), ...chosen.filter(isWildcard)];
  }
}

/** `lifeos.quests.v1.QuestCompleted` is major 1 of `lifeos.quests.QuestCompleted`. */
function splitRecordName(recordName: string): { event: string; major: number } | null {
  const parts = /^(.+)\.v(\d+)\.([^.]+)$/.exec(recordName);
  return parts === null ? null : { event: `${parts[1]}.${parts[3]}`, major: Number(parts[2]) };
}
