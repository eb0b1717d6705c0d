import { PublisherClosed, PublishOverlap } from '../errors.js';

/** Refuses calls that overlap, and calls after close; close waits for the call in work. */
export class OneAtATime {
  private inWork: Promise<void> | null = null;
  private closed = false;

  async run(work: () => Promise<void>): Promise<void> {
    if (this.closed) throw new PublisherClosed();
    if (this.inWork) throw new PublishOverlap();
    const running = work().finally(() => (this.inWork = null));
    this.inWork = running;
    return running;
  }

  async close(): Promise<void> {
    this.closed = true;
    // Its error belongs to whoever called publish.
    await this.inWork?.catch(() => {});
  }
}
