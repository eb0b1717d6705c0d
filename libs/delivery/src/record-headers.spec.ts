import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { restoreHeaders, storeHeaders } from './record-headers.js';

describe('storeHeaders', () => {
  it('keeps text readable and gives every byte back', () => {
    expect({ ...storeHeaders({ a: Buffer.from('text'), b: Buffer.from([0xff]), c: undefined, d: ['x', 'y'] }) }).toEqual({
      a: 'text', b: { base64: '/w==' }, d: ['x', 'y'],
    });
    const bytes = fc.uint8Array().map((value) => Buffer.from(value));
    fc.assert(
      fc.property(fc.dictionary(fc.string().map((name) => name.replaceAll('\0', '')), fc.oneof(bytes, fc.array(bytes))), (headers) => {
        const stored: unknown = JSON.parse(JSON.stringify(storeHeaders(headers)));
        expect({ ...restoreHeaders(stored as ReturnType<typeof storeHeaders>) }).toEqual({ ...headers });
      }),
    );
  });

  it('holds nothing that jsonb refuses', () => {
    const stored = JSON.stringify(storeHeaders({ 'a\0b': Buffer.from('x\0y'), ok: 'fine' }));
    expect(stored).not.toContain('\\u0000');
  });
});
