import { createHash } from 'node:crypto';

interface Day {
  readonly taken: Set<number>;
  /** Rows of one text that came before. */
  readonly equal: Map<string, number>;
}

const slots = 3_600_000;
const primeStep = 7919;
/** Statements are in the order of days, or nearly so: only the last days are kept. */
const daysKept = 31;
/** Beyond it a day is no day of a person's account, and memory would grow. */
const rowsKept = 100_000;

/**
 * Times for rows that name a day alone. A point is one by its time, so each row of a day needs one of
 * its own, and the same one in the next statement that holds it, whatever stands before it there: a
 * millisecond in the first hour of the day (UTC), drawn from the row's own text. Equal rows of one day
 * are told apart by how many came before.
 */
export class DaySlots {
  private readonly days = new Map<string, Day>();
  private rows = 0;

  /** Null when the day is full. */
  take(name: string, text: string): Date | null {
    const day = this.dayOf(name);
    if (day.taken.size >= rowsKept) return null;
    const digest = createHash('sha1').update(text).digest();
    const content = digest.toString('latin1');
    const before = day.equal.get(content) ?? 0;
    day.equal.set(content, before + 1);
    let slot = (digest.readUIntBE(0, 6) + before * primeStep) % slots;
    while (day.taken.has(slot)) slot = (slot + 1) % slots;
    day.taken.add(slot);
    this.rows += 1;
    return new Date(Date.parse(`${name}T00:00:00Z`) + slot);
  }

  private dayOf(name: string): Day {
    const known = this.days.get(name);
    if (known) return known;
    const day = { taken: new Set<number>(), equal: new Map<string, number>() };
    this.days.set(name, day);
    for (const [oldest, { taken }] of this.days) {
      if (oldest === name || (this.days.size <= daysKept && this.rows <= rowsKept)) break;
      this.days.delete(oldest);
      this.rows -= taken.size;
    }
    return day;
  }
}
