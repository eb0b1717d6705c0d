import type { Entry, History, Verdict } from './history.js';

type Fault = 'lost' | 'doubled' | 'orderBreaks' | 'untrue';

const faultsTold = 20;

/** Compares each place with the one before it on an event's way. */
export function checkHistory(history: History): Verdict {
  const { log, topic, effects, parked, raisedLog, raisedTopic } = history;
  const found = new Faults();
  found.missing('acknowledged, not in the log', history.acknowledged, idsOf(log));
  checkCounts(found, 'log', history.counted, log);
  checkOnce(found, 'log', log);
  checkOrder(found, 'log', log);

  const published = firstOnes(topic);
  checkHop(found, 'topic', idsOf(log), published);
  checkOrder(found, 'topic', published);

  const settled = [...effects.map(({ id }) => id), ...parked];
  found.missing('published, neither handled nor parked', idsOf(published), settled);
  found.phantoms('handled or parked, never published', settled, idsOf(published));
  found.twice('handled or parked', settled);
  checkOrder(found, 'effects', effects);
  checkCounts(found, 'effects', history.booked, effects);

  const caused = effects.map(placeOf);
  checkHop(found, 'raised log', caused, raisedLog, placeOf);
  found.twice('raised log', raisedLog.map(placeOf));
  checkOrder(found, 'raised log', raisedLog);
  const raisedPublished = firstOnes(raisedTopic);
  checkHop(found, 'raised topic', idsOf(raisedLog), raisedPublished);
  checkOrder(found, 'raised topic', raisedPublished);

  const wireDuplicates = topic.length - published.length + raisedTopic.length - raisedPublished.length;
  return { ...found.counts, wireDuplicates, events: log.length, effects: effects.length, parked: parked.length, faults: found.told };
}

const idsOf = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id);
const placeOf = ({ key, n }: Entry): string => `${key}#${n}`;

/** What a reader that drops copies sees. */
function firstOnes(entries: readonly Entry[]): Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function checkHop(found: Faults, where: string, before: readonly string[], after: readonly Entry[], nameOf: (entry: Entry) => string = ({ id }) => id): void {
  found.missing(`missing in ${where}`, before, after.map(nameOf));
  found.phantoms(`in ${where} without a cause`, after.map(nameOf), before);
}

function checkOnce(found: Faults, where: string, entries: readonly Entry[]): void {
  found.twice(where, idsOf(entries));
}

function checkOrder(found: Faults, where: string, entries: readonly Entry[]): void {
  const last = new Map<string, number>();
  for (const { key, n } of entries) {
    const before = last.get(key) ?? 0;
    if (n < before) found.note('orderBreaks', `${where}: of key ${key}, ${n} comes after ${before}`);
    last.set(key, Math.max(n, before));
  }
}

/** State and events are written together, so they must agree. */
function checkCounts(found: Faults, where: string, counted: ReadonlyMap<string, number>, entries: readonly Entry[]): void {
  const held = new Map<string, number>();
  for (const { key } of entries) held.set(key, (held.get(key) ?? 0) + 1);
  for (const key of new Set([...counted.keys(), ...held.keys()])) {
    const [state, events] = [counted.get(key) ?? 0, held.get(key) ?? 0];
    if (state !== events) found.note('untrue', `key ${key}: the state counts ${state}, the ${where} holds ${events}`);
  }
}

class Faults {
  readonly counts: Record<Fault, number> = { lost: 0, doubled: 0, orderBreaks: 0, untrue: 0 };
  readonly told: string[] = [];

  note(fault: Fault, text: string): void {
    this.counts[fault] += 1;
    if (this.told.length < faultsTold) this.told.push(`${fault}: ${text}`);
  }

  missing(what: string, wanted: readonly string[], held: readonly string[]): void {
    const there = new Set(held);
    for (const one of new Set(wanted)) if (!there.has(one)) this.note('lost', `${what}: ${one}`);
  }

  phantoms(what: string, held: readonly string[], known: readonly string[]): void {
    const there = new Set(known);
    for (const one of new Set(held)) if (!there.has(one)) this.note('untrue', `${what}: ${one}`);
  }

  twice(where: string, names: readonly string[]): void {
    const seen = new Set<string>();
    for (const name of names) {
      if (seen.has(name)) this.note('doubled', `${where}: ${name} is there more than once`);
      seen.add(name);
    }
  }
}
