import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameSplitter } from './kafka-frames.js';
import { LostReplies } from './lost-replies.js';

function frame(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function request(apiKey: number, correlationId: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeInt16BE(apiKey, 0);
  header.writeInt16BE(7, 2);
  header.writeInt32BE(correlationId, 4);
  return frame(header, Buffer.from('body'));
}

function reply(correlationId: number, body = 'answer'): Buffer {
  const id = Buffer.alloc(4);
  id.writeInt32BE(correlationId);
  return frame(id, Buffer.from(body));
}

function connection(replies: LostReplies) {
  let closed = 0;
  const { request: up, reply: down } = replies.inspector(() => (closed += 1));
  return {
    up: (...chunks: Buffer[]) => Buffer.concat(chunks.flatMap((chunk) => [...up(chunk)])),
    down: (...chunks: Buffer[]) => Buffer.concat(chunks.flatMap((chunk) => [...down(chunk)])),
    closed: () => closed,
  };
}

describe('FrameSplitter', () => {
  it('finds the same frames however the bytes are cut', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    fc.assert(fc.property(bodies, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (parts, cuts) => {
      const frames = parts.map((body) => frame(Buffer.from(body)));
      const bytes = Buffer.concat(frames);
      const splitter = new FrameSplitter();
      const found: Buffer[] = [];
      for (let at = 0, n = 0; at < bytes.length; n += 1) {
        const size = cuts[n % cuts.length] ?? 1;
        found.push(...splitter.push(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(found.map((one) => one.toString('hex'))).toEqual(frames.map((one) => one.toString('hex')));
    }));
  });
});

describe('LostReplies', () => {
  it('lets everything pass while nothing is to be lost', () => {
    const replies = new LostReplies();
    const { up, down } = connection(replies);
    expect(up(request(0, 1))).toEqual(request(0, 1));
    expect(down(reply(1))).toEqual(reply(1));
    expect(replies.lost).toBe(0);
  });

  it('loses the reply to the next produce request alone, whatever order replies come in', async () => {
    const replies = new LostReplies();
    const { up, down, closed } = connection(replies);
    const lost = replies.loseNextProduceReply({ thenClose: false });
    up(request(3, 1), request(0, 2), request(0, 3));
    expect(down(Buffer.concat([reply(3), reply(2), reply(1)]))).toEqual(Buffer.concat([reply(3), reply(1)]));
    await lost;
    expect([replies.lost, closed()]).toEqual([1, 0]);
  });

  it('knows connections apart that use the same correlation ids', () => {
    const replies = new LostReplies();
    const [one, other] = [connection(replies), connection(replies)];
    void replies.loseNextProduceReply();
    one.up(request(0, 7));
    other.up(request(0, 7));
    expect(other.down(reply(7))).toEqual(reply(7));
    expect(one.down(reply(7))).toHaveLength(0);
    expect([one.closed(), other.closed()]).toEqual([1, 0]);
  });

  it('finds the reply also when it comes in pieces', () => {
    const replies = new LostReplies();
    const { up, down } = connection(replies);
    void replies.loseNextProduceReply();
    const sent = request(0, 9);
    up(sent.subarray(0, 5), sent.subarray(5));
    const answer = Buffer.concat([reply(9), reply(10)]);
    expect(down(answer.subarray(0, 3), answer.subarray(3, 15), answer.subarray(15))).toEqual(reply(10));
  });
});
