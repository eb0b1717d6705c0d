/** Kafka's protocol: each message is a length of four bytes and so many bytes. */
export class FrameSplitter {
  private rest: Buffer = Buffer.alloc(0);

  /** Whole frames, their length included, as far as they have come. */
  push(chunk: Buffer): Buffer[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const frames: Buffer[] = [];
    for (;;) {
      const end = this.rest.length < 4 ? Infinity : 4 + this.rest.readInt32BE(0);
      if (end > this.rest.length) return frames;
      frames.push(this.rest.subarray(0, end));
      this.rest = this.rest.subarray(end);
    }
  }
}

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
}

/** Of a whole request; null when it is too short to be one. */
export function requestHeader(frame: Buffer): RequestHeader | null {
  if (frame.length < 12) return null;
  return { apiKey: frame.readInt16BE(4), apiVersion: frame.readInt16BE(6), correlationId: frame.readInt32BE(8) };
}

/** Of a whole reply; null when it is too short to be one. */
export function replyCorrelationId(frame: Buffer): number | null {
  return frame.length < 8 ? null : frame.readInt32BE(4);
}

export const produceRequest = 0;
export const fetchRequest = 1;
export const joinGroupRequest = 11;
