/** Waits that a wake-up ends early. A wake-up that comes before the wait is not lost. */
export class Sleeper {
  private isWoken = false;
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
