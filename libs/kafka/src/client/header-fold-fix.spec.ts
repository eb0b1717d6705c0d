import { beforeAll, describe, expect, it } from '@jest/globals';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0/decoder.js';
import encodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import { fixHeaderFold, type FoldedHeaders, readHeaderList } from './header-fold-fix.js';

type Headers = Record<string, string | string[]>;

/** Through kafkajs's own encoder and decoder of records. */
function sentAndRead(headers: Headers): FoldedHeaders {
  const decoder = new Decoder(encodeRecord({ key: null, value: null, headers }).buffer);
  decoder.readVarInt();
  return decodeRecord(decoder, { firstOffset: '0', firstTimestamp: '0' }).headers;
}

const sameBytes = (value: unknown): unknown => (Array.isArray(value) ? value.map(sameBytes) : Buffer.from(value as string | Buffer));
const withBuffers = (headers: object) => Object.entries(headers).map(([name, value]) => [name, sameBytes(value)]);

const kinds: Headers = { ce_id: 'a', twice: ['1', '2'], thrice: ['1', '2', '3'], empty: '', constructor: 'x' };

describe('headers of records', () => {
  const original = Decoder.prototype.readVarIntArray;
  const { constructor: _inherited, ...ordinary } = kinds;
  let before: FoldedHeaders;

  beforeAll(() => {
    before = sentAndRead(ordinary);
    expect(fixHeaderFold()).toBe(true);
  });

  it('takes the place of the method of this kafkajs', () => {
    expect(original).not.toBe(readHeaderList);
    expect(Decoder.prototype.readVarIntArray).toBe(readHeaderList);
  });

  it('reads what kafkajs reads: one value, several of one name in their order, none', () => {
    expect(withBuffers(sentAndRead(ordinary))).toEqual(Object.entries(before));
    expect(sentAndRead({})).toEqual({});
  });

  it('keeps names apart that differ from the usual ones in one letter, or are no ASCII', () => {
    const near: Headers = { ce_type: '1', ce_tipe: '2', ce_time: '3', Ce_time: '4', 'ce_typé': '5', ce_id: '6', ce_is: '7', '': '8', traceparent: '9', tracestate: '' };
    expect(withBuffers(sentAndRead(near))).toEqual(withBuffers(near));
  });

  it('takes names that objects have by themselves for names like others', () => {
    expect(withBuffers(sentAndRead(kinds))).toEqual(withBuffers(kinds));
    expect(Object.keys(sentAndRead(JSON.parse('{"__proto__":"x"}') as Headers))).toEqual(['__proto__']);
  });

  it('gives values that are ASCII as texts, and all others as the bytes that they are', () => {
    const { plain, named, ends } = sentAndRead({ plain: 'a\0b~', named: 'Zoë', ends: '\u0080' });
    expect([plain, named, ends]).toEqual(['a\0b~', Buffer.from('Zoë'), Buffer.from('\u0080')]);
  });

  it('reads a record of nothing but headers without being held up', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`h${i}`, 'v']));
    expect(withBuffers(sentAndRead(many))).toEqual(withBuffers(many));
  });
});
