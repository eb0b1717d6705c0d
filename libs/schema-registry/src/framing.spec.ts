import { describe, expect, it } from '@jest/globals';
import { frame, unframe } from './index.js';

describe('framing', () => {
  it('is a zero, four bytes of id, and the Avro bytes, in one buffer', () => {
    const framed = frame(0x01020304, Buffer.from('abc'));
    expect(framed).toEqual(Buffer.from('\u0000\u0001\u0002\u0003\u0004abc'));
    expect(unframe(framed)).toEqual({ schemaId: 0x01020304, avro: Buffer.from('abc') });
    expect(unframe(framed).avro.buffer).toBe(framed.buffer);
  });

  it.each([-1, 0.5, 2 ** 31, Number.NaN])('refuses %d as an id', (id) => {
    expect(() => frame(id, Buffer.alloc(0))).toThrow(RangeError);
  });

  it.each([
    ['an empty value', Buffer.alloc(0)],
    ['a value of four bytes', Buffer.alloc(4)],
    ['JSON', Buffer.from('{"a": 1}')],
  ])('refuses %s', (_name, value) => {
    expect(() => unframe(value)).toThrow(expect.objectContaining({ code: 'UNDECODABLE_RECORD', fault: 'not_framed', retryable: false }));
  });
});
