import type { SeenEvent } from './causation-tree.js';

/** An event that arrived, before it is known when its flow began. */
export type Arrived = Omit<SeenEvent, 'afterMs'>;

/** Collects what arrives on the topics, by flow, and lets the story wait for what it expects. */
export class EventFeed {
  readonly #flows = new Map<string, { startedAt: number; isOurs: (event: Arrived) => boolean; events: SeenEvent[] }>();
  readonly #waiting = new Set<() => void>();

  /** Starts the clock of a flow: called just before its command is sent. What is not ours of it is left out. */
  begin(correlationId: string, now: number, isOurs: (event: Arrived) => boolean = () => true): void {
    this.#flows.set(correlationId, { startedAt: now, isOurs, events: [] });
  }

  /** Takes an event from a topic; events of flows that are not ours, and copies, are left out. */
  take(event: Arrived, now: number): void {
    const flow = event.correlationId === null ? undefined : this.#flows.get(event.correlationId);
    if (flow === undefined || !flow.isOurs(event) || flow.events.some((seen) => seen.eventId === event.eventId)) return;
    flow.events.push({ ...event, afterMs: now - flow.startedAt });
    for (const look of [...this.#waiting]) look();
  }

  eventsOf(correlationId: string): readonly SeenEvent[] {
    return this.#flows.get(correlationId)?.events ?? [];
  }

  /**
   * Waits until `expected` names have all arrived in a flow, then for `quietMs` without another event.
   * Resolves with the names that did not arrive in time; empty when all did.
   */
  async waitFor(correlationId: string, expected: readonly string[], limits: { timeoutMs: number; quietMs: number }): Promise<string[]> {
    const missing = (): string[] => missingNames(expected, this.eventsOf(correlationId).map((event) => event.name));
    await new Promise<void>((resolve) => {
      let quiet: NodeJS.Timeout | undefined;
      const done = (): void => {
        clearTimeout(deadline);
        clearTimeout(quiet);
        this.#waiting.delete(look);
        resolve();
      };
      const look = (): void => {
        if (missing().length > 0) return;
        clearTimeout(quiet);
        quiet = setTimeout(done, limits.quietMs);
      };
      const deadline = setTimeout(done, limits.timeoutMs);
      this.#waiting.add(look);
      look();
    });
    return missing();
  }
}

/** What of `expected` (a name as often as it is awaited) `arrived` does not cover. */
export function missingNames(expected: readonly string[], arrived: readonly string[]): string[] {
  const left = [...arrived];
  return expected.filter((name) => {
    const at = left.indexOf(name);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
