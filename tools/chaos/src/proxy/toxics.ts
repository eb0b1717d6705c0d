/** Towards the target, or back to the client. */
export type Direction = 'upstream' | 'downstream';

/** What a proxy does to its connections; named and meant as Toxiproxy's toxics. Times are milliseconds. */
export type Toxic =
  /** Everything arrives later, by `latency` and up to `jitter` more, in its order. */
  | { readonly type: 'latency'; readonly latency: number; readonly jitter?: number; readonly stream?: Direction }
  /** At most so many bytes a second and connection. */
  | { readonly type: 'bandwidth'; readonly bytesPerSecond: number; readonly stream?: Direction }
  /** A black hole: nothing arrives any more; after `timeout` the connection is closed, 0: never. Removed, what was held back arrives. */
  | { readonly type: 'timeout'; readonly timeout: number; readonly stream?: Direction }
  /** The connection is reset (RST) so long after it was opened, or after the toxic came. */
  | { readonly type: 'reset_peer'; readonly timeout: number }
  /** When one side closes, the other hears of it so much later. */
  | { readonly type: 'slow_close'; readonly delay: number };

type Flowing = Extract<Toxic, { stream?: Direction }>;

const concerns = (toxic: Toxic, direction: Direction): toxic is Flowing =>
  toxic.type !== 'reset_peer' && toxic.type !== 'slow_close' && (toxic.stream === undefined || toxic.stream === direction);

/** The toxics of one proxy, and whoever waits for one to go. */
export class Toxics {
  private readonly active = new Set<Toxic>();
  private readonly waiting = new Set<() => void>();

  add(toxic: Toxic): () => void {
    this.active.add(toxic);
    return () => {
      this.active.delete(toxic);
      this.changed();
    };
  }

  /** Lets everybody look again. */
  changed(): void {
    for (const look of this.waiting) look();
    this.waiting.clear();
  }

  change(): Promise<void> {
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  isBlackHole(direction: Direction): boolean {
    return this.flowing(direction).some(({ type }) => type === 'timeout');
  }

  /** How long a chunk takes on its way. */
  latency(direction: Direction, random: () => number): number {
    return this.flowing(direction).reduce((sum, toxic) => sum + (toxic.type === 'latency' ? toxic.latency + random() * (toxic.jitter ?? 0) : 0), 0);
  }

  /** How long the line is busy with so many bytes. */
  busyMs(direction: Direction, bytes: number): number {
    return this.flowing(direction).reduce((most, toxic) => (toxic.type === 'bandwidth' ? Math.max(most, (bytes / toxic.bytesPerSecond) * 1_000) : most), 0);
  }

  get slowCloseMs(): number {
    return [...this.active].reduce((most, toxic) => (toxic.type === 'slow_close' ? Math.max(most, toxic.delay) : most), 0);
  }

  /** When and how connections are to end because of a toxic. */
  get endings(): { afterMs: number; reset: boolean }[] {
    return [...this.active].flatMap((toxic) => endingOf(toxic));
  }

  private flowing(direction: Direction): Flowing[] {
    return [...this.active].filter((toxic) => concerns(toxic, direction));
  }
}

export function endingOf(toxic: Toxic): { afterMs: number; reset: boolean }[] {
  if (toxic.type === 'reset_peer') return [{ afterMs: toxic.timeout, reset: true }];
  if (toxic.type === 'timeout' && toxic.timeout > 0) return [{ afterMs: toxic.timeout, reset: false }];
  return [];
}
