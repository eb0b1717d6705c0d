const hourMs = 3_600_000;
export const aDayMs = 24 * hourMs;

/**
 * The time of the flows. It begins yesterday at 15:00 UTC and ticks on: no day begins, and no daily job is due,
 * before all flows are over, at whatever hour they really run.
 */
export class FlowTime {
  private readonly beganAt = Math.floor(Date.now() / aDayMs) * aDayMs - 9 * hourMs;
  private readonly since = performance.now();

  now(): Date {
    return this.daysAgo(0);
  }

  daysAgo(days: number): Date {
    return new Date(this.beganAt + performance.now() - this.since - days * aDayMs);
  }

  /** YYYY-MM-DD (UTC), so many days ago. */
  dayBefore(days: number): string {
    return this.daysAgo(days).toISOString().slice(0, 10);
  }
}
