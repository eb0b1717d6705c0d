import type { Queryable } from '@lifeos/postgres';
import type { DeliveryLog } from './ports.js';

export interface ParkingLimitSettings {
  /** Heads; followers of a parked key do not count. Default 10 000. */
  readonly heads?: number;
  /** Age of the oldest head, days. Default 30. */
  readonly days?: number;
  /** How long each batch waits first while a limit is reached, ms. Default 1 000. */
  readonly slowMs?: number;
}

const readEveryMs = 10_000;
const alarmEveryMs = 60_000;

/**
 * P-17: nothing parked is deleted by number or age. Instead consumption slows to a batch at a time with
 * a wait before each, and raises an alarm, until somebody mends what is parked.
 */
export class ParkingLimits {
  private reason: string | null = null;
  private readAt = Number.NEGATIVE_INFINITY;
  private alarmedAt = Number.NEGATIVE_INFINITY;
  /** Partitions whose last batch has waited. */
  private readonly waited = new Set<string>();

  constructor(
    private readonly db: Queryable,
    private readonly settings: ParkingLimitSettings,
    private readonly options: { logger: DeliveryLog; now: () => Date },
  ) {}

  /** Why, and how long, a batch of this partition must wait; null: it may run. Throws nothing. */
  async waitBefore(partition: string): Promise<{ reason: string; retryAfterMs: number } | null> {
    await this.refresh();
    if (this.reason === null || this.waited.delete(partition)) return null;
    this.waited.add(partition);
    return { reason: this.reason, retryAfterMs: this.settings.slowMs ?? 1_000 };
  }

  private async refresh(): Promise<void> {
    const now = this.options.now().getTime();
    if (now - this.readAt < readEveryMs) return;
    this.readAt = now;
    try {
      this.reason = await this.read(new Date(now));
    } catch {
      // A database that is away is told by the batch itself.
      return;
    }
    if (this.reason === null || now - this.alarmedAt < alarmEveryMs) return;
    this.alarmedAt = now;
    this.options.logger.error(this.reason, { alarm: 'dead_letter_limit' });
  }

  private async read(now: Date): Promise<string | null> {
    const { heads = 10_000, days = 30 } = this.settings;
    const { rows } = await this.db.query<{ heads: number; oldest: Date | null }>(
      `SELECT count(*)::int AS heads, min(since) AS oldest
       FROM (SELECT coalesce(first_failed_at, parked_at) AS since FROM dead_letters WHERE NOT is_follower LIMIT $1) AS head`,
      [heads],
    );
    const [found] = rows;
    if (found === undefined) return null;
    if (found.heads >= heads) return `${found.heads} or more dead letters are the first of their keys; consumption slows until they are mended (lifeos dead-letters stats)`;
    const ageDays = found.oldest === null ? 0 : (now.getTime() - found.oldest.getTime()) / 86_400_000;
    return ageDays < days ? null : `A dead letter is ${Math.floor(ageDays)} days old; consumption slows until it is mended (lifeos dead-letters list)`;
  }
}
