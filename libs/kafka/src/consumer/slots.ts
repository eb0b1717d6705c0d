import { settledWithin } from '../timing.js';

/** How long small work waits for other small work, before it goes beside it. */
const patienceMs = 50;

/**
 * Lets a number of pieces of work run at once; the others wait their turn. Small pieces come one after the
 * other, because at once they would only wait for each other's locks and connections; one that takes long
 * keeps none of the others waiting for long.
 */
export class Slots {
  private readonly waiting: (() => void)[] = [];
  /** The end of the last small piece; null when none is in work. */
  private lastSmall: Promise<void> | null = null;

  constructor(private free: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free -= 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }

  async runSmall<T>(work: () => Promise<T>): Promise<T> {
    const before = this.lastSmall;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    this.lastSmall = ended;
    if (before !== null) await settledWithin(patienceMs, before);
    try {
      return await this.run(work);
    } finally {
      end();
      if (this.lastSmall === ended) this.lastSmall = null;
    }
  }
}
