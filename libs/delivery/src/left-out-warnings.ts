import type { DeliveryLog } from './ports.js';
import type { Subscription } from './subscriptions.js';

const quietMs = 60_000;
/** Versions come from outside; more kinds than this share one line. */
const maxKinds = 500;

interface Seen {
  warnedAt: number;
  since: number;
}

/** VR-8: names each handler that an event's version leaves out, at most once a minute for the same reason. */
export class LeftOutWarnings {
  private readonly seen = new Map<string, Seen>();

  constructor(private readonly log: DeliveryLog, private readonly now: () => number) {}

  readonly note = (subscription: Subscription, event: string, version: string): void => {
    const { name, versions } = subscription.handler;
    const kind = this.kindOf(`${name} ${event} ${version}`);
    const seen = this.seen.get(kind);
    if (seen !== undefined && this.now() - seen.warnedAt < quietMs) {
      seen.since++;
      return;
    }
    this.seen.set(kind, { warnedAt: this.now(), since: 0 });
    this.log.warn(`${event} ${version} is not given to ${name}, which needs ${versions}`, {
      handler: name, event, version, needs: versions, leftOutSinceLastWarning: seen?.since ?? 0,
    });
  };

  private kindOf(kind: string): string {
    return this.seen.has(kind) || this.seen.size < maxKinds ? kind : 'other versions';
  }
}
