import { systemClock, type Clock } from './clock.js';

/** A clock that an operator may set; it ticks on from where it was set. Tokens, retries and inbox do not ask it. */
export class MovableClock implements Clock {
  private aheadMs = 0;

  constructor(private readonly real: Clock = systemClock) {}

  now(): Date {
    return new Date(this.real.now().getTime() + this.aheadMs);
  }

  set(to: Date): void {
    this.aheadMs = to.getTime() - this.real.now().getTime();
  }

  reset(): void {
    this.aheadMs = 0;
  }
}
