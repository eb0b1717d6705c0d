/** What a worker asks of the connection that feeds it. */
export interface PartitionFeed {
  pause(): void;
  resume(): void;
  seek(offset: number): void;
}

/** Knows whether a partition is being fetched, and where the next fetch should begin. */
export class FetchGate {
  private isOpen = false;
  private expected: number | null = null;

  constructor(private readonly feed: PartitionFeed) {}

  /** Where the next fetch should begin; null until that is known. */
  get next(): number | null {
    return this.expected;
  }

  follows(fetchedOffset: number): boolean {
    return this.expected === null || this.expected === fetchedOffset;
  }

  passed(nextOffset: number): void {
    this.expected = nextOffset;
  }

  seek(offset: number): void {
    this.expected = offset;
    this.feed.seek(offset);
  }

  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.feed.resume();
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.feed.pause();
  }
}
