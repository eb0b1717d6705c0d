import type { Row } from '../harness/scenario.js';

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

/** Memory is flat when its end is not above its first quarter by more than a tenth. */
export function memoryRows(contestant: string): Row[] {
  return [
    ...[25, 50, 75, 100].map((percent): Row => ({ what: `  resident memory at ${percent} %`, figure: `${contestant}.rss${percent}`, unit: 'MB' })),
    { what: '  at 100 % over 25 %', figure: `${contestant}.growth`, unit: 'times', target: { of: 'value', atMost: 1.1 } },
  ];
}
