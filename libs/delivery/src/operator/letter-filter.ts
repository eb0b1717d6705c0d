/** Which letters are meant; every condition that is given must hold. */
export interface LetterFilter {
  readonly id?: string;
  readonly handler?: string;
  readonly topic?: string;
  readonly key?: string;
  readonly reason?: string;
  /** Record name, or the event's name alone. */
  readonly eventType?: string;
  readonly eventId?: string;
  readonly status?: LetterStatus;
}

/** A follower waits behind a head; a head waits for its time (or a newer service), or is exhausted. */
export type LetterStatus = 'waiting' | 'exhausted' | 'follower';

/** True when no condition is given: everything is meant. */
export function isEmptyFilter(filter: LetterFilter): boolean {
  return Object.values(filter).every((value) => value === undefined);
}

const conditions: Readonly<Record<keyof LetterFilter, (parameter: string) => string>> = {
  id: (p) => `id = ${p}`,
  handler: (p) => `handler = ${p}`,
  topic: (p) => `topic = ${p}`,
  key: (p) => `key = ${p}`,
  reason: (p) => `reason = ${p}`,
  eventType: (p) => `(event_type = ${p} OR event_type LIKE '%.' || replace(replace(${p}, '\\', '\\\\'), '_', '\\_'))`,
  eventId: (p) => `event_id = ${p}`,
  status: (p) => `CASE WHEN is_follower THEN 'follower' ELSE status END = ${p}`,
};

/** The filter as SQL; its values come behind those given. */
export function whereOf(filter: LetterFilter, before: readonly unknown[] = []): { where: string; values: unknown[] } {
  const values = [...before];
  const parts = ['true'];
  for (const [name, condition] of Object.entries(conditions)) {
    const value = filter[name as keyof LetterFilter];
    if (value === undefined) continue;
    values.push(value);
    parts.push(condition(`$${values.length}`));
  }
  return { where: parts.join(' AND '), values };
}
