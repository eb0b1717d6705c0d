/** Resolves with `performance.now()` of the moment in which `count` things have happened. */
export class Countdown {
  readonly done: Promise<number>;
  private resolve: (at: number) => void = () => undefined;

  constructor(private left: number) {
    this.done = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  add(count: number): void {
    this.left -= count;
    if (this.left <= 0) this.resolve(performance.now());
  }
}
