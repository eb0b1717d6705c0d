/** Resident memory at quarters of a long run, in MB. */
export class MemoryCurve {
  private readonly marks: number[] = [];
  private seen = 0;

  constructor(private readonly total: number) {}

  /** Counts `count` more events; garbage is collected first, so that a mark shows what is held. */
  add(count: number): void {
    this.seen += count;
    while (this.marks.length < 4 && this.seen >= (this.total * (this.marks.length + 1)) / 4) {
      globalThis.gc?.();
      this.marks.push(process.memoryUsage.rss() / 2 ** 20);
    }
  }

  get figures(): Record<string, number> {
    const [quarter = Number.NaN, half = Number.NaN, threeQuarters = Number.NaN, end = Number.NaN] = this.marks;
    return { rss25: quarter, rss50: half, rss75: threeQuarters, rss100: end, growth: end / quarter };
  }
}
