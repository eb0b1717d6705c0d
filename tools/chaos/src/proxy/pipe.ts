import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Direction, Toxics } from './toxics.js';

/** Sees what passes, and says what goes on: nothing, the same, or less. */
export type Filter = (chunk: Buffer) => readonly Buffer[];

export interface PipeOptions {
  readonly direction: Direction;
  readonly toxics: Toxics;
  readonly filter: Filter;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Nothing arrives any more, whatever the toxics say. */
  readonly isFrozen: () => boolean;
}

const mostBuffered = 1_048_576;

/** One direction of a connection: what comes in goes out in its order, as late as the toxics want. */
export class Pipe {
  private readonly queue: { readonly bytes: Buffer; readonly dueAt: number }[] = [];
  private buffered = 0;
  private isEnding = false;
  private wake: () => void = () => undefined;

  constructor(private readonly from: Socket, private readonly to: Socket, private readonly options: PipeOptions) {
    from.on('data', (chunk: Buffer) => options.filter(chunk).forEach((bytes) => this.take(bytes)));
    from.on('end', () => {
      this.isEnding = true;
      this.wake();
    });
  }

  /** Resolves when the side that sends has ended and all of it is passed on, or when the signal aborts. */
  async run(): Promise<void> {
    const { signal } = this.options;
    signal.addEventListener('abort', () => this.wake(), { once: true });
    while (!signal.aborted) {
      const next = this.queue.shift();
      if (next !== undefined) await this.pass(next);
      else if (this.isEnding) return this.end();
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private take(bytes: Buffer): void {
    const { toxics, direction, random } = this.options;
    this.queue.push({ bytes, dueAt: performance.now() + toxics.latency(direction, random) });
    this.buffered += bytes.length;
    if (this.buffered > mostBuffered) this.from.pause();
    this.wake();
  }

  private async pass({ bytes, dueAt }: { bytes: Buffer; dueAt: number }): Promise<void> {
    const { toxics, direction } = this.options;
    await this.wait(dueAt - performance.now());
    await this.wait(toxics.busyMs(direction, bytes.length));
    while (this.isHeld && !this.options.signal.aborted) await toxics.change();
    this.buffered -= bytes.length;
    if (this.buffered <= mostBuffered) this.from.resume();
    if (!this.options.signal.aborted && !this.to.write(bytes)) await this.drained();
  }

  private get isHeld(): boolean {
    return this.options.isFrozen() || this.options.toxics.isBlackHole(this.options.direction);
  }

  private async end(): Promise<void> {
    while (this.isHeld && !this.options.signal.aborted) await this.options.toxics.change();
    await this.wait(this.options.toxics.slowCloseMs);
    this.to.end();
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      this.to.once('drain', resolve);
      this.options.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private async wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.options.signal }).catch(() => undefined);
  }
}
