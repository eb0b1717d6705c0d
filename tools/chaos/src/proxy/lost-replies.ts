import { FrameSplitter, produceRequest, replyCorrelationId, requestHeader } from './kafka-frames.js';
import type { Inspector } from './link.js';

interface Order {
  readonly apiKey: number;
  readonly thenClose: boolean;
  readonly lost: () => void;
}

/**
 * Loses replies of a Kafka broker: the request arrives and is carried out, and the client never hears
 * of it. Give `inspector` to the proxy in front of the broker.
 */
export class LostReplies {
  private readonly orders: Order[] = [];
  private readonly silent = new Set<number>();
  private count = 0;

  /** How many were lost so far. */
  get lost(): number {
    return this.count;
  }

  /**
   * The reply to the next produce request is lost; resolves when it was. With `thenClose` the
   * connection breaks in the same moment, without it the client waits for its own timeout.
   */
  loseNextProduceReply({ thenClose = true }: { thenClose?: boolean } = {}): Promise<void> {
    return new Promise((lost) => this.orders.push({ apiKey: produceRequest, thenClose, lost }));
  }

  /** No reply of this kind arrives any more; each client waits for its own timeout. Returns what ends it. */
  loseAll(apiKey: number): () => void {
    this.silent.add(apiKey);
    return () => void this.silent.delete(apiKey);
  }

  readonly inspector: Inspector = (close) => {
    const requests = new FrameSplitter();
    const replies = new FrameSplitter();
    const doomed = new Map<number, Order>();
    return {
      request: (chunk) => {
        for (const frame of requests.push(chunk)) this.doom(frame, doomed);
        return [chunk];
      },
      reply: (chunk) => replies.push(chunk).filter((frame) => !this.isLost(frame, doomed, close)),
    };
  };

  private doom(frame: Buffer, doomed: Map<number, Order>): void {
    const header = requestHeader(frame);
    if (header !== null && this.silent.has(header.apiKey)) return void doomed.set(header.correlationId, { apiKey: header.apiKey, thenClose: false, lost: () => undefined });
    const at = this.orders.findIndex(({ apiKey }) => apiKey === header?.apiKey);
    const [order] = at === -1 || header === null ? [] : this.orders.splice(at, 1);
    if (order !== undefined && header !== null) doomed.set(header.correlationId, order);
  }

  private isLost(frame: Buffer, doomed: Map<number, Order>, close: () => void): boolean {
    const id = replyCorrelationId(frame);
    const order = id === null ? undefined : doomed.get(id);
    if (id === null || order === undefined) return false;
    doomed.delete(id);
    this.count += 1;
    if (order.thenClose) close();
    order.lost();
    return true;
  }
}
