/** Waits that a wake-up ends early. A wake-up that comes before the wait is not lost. */
export class Sleeper {
  isWoken = false;
  private end: (() => void) | null = null;

  wake(): void {
    this.isWoken = true;
    this.end?.();
  }

  /** Forgets earlier wake-ups: whatever they meant is seen by what is read from now on. */
  arm(): void {
    this.isWoken = false;
  }

  async sleep(ms: number): Promise<void> {
    if (this.isWoken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.end = null;
  }
}

/** Grows with each failure and differs between processes, so that they do not all come back at once. */
export class Backoff {
  private failures = 0;

  constructor(private readonly firstMs: number, private readonly maxMs: number, private readonly random: () => number = Math.random) {}

  next(): number {
    const ceiling = Math.min(this.maxMs, this.firstMs * 2 ** this.failures++);
    return ceiling / 2 + (this.random() * ceiling) / 2;
  }

  reset(): void {
    this.failures = 0;
  }
}
