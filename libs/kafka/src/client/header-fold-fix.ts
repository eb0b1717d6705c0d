import Decoder from 'kafkajs/src/protocol/decoder.js';

type HeaderValue = Buffer | null;
export type FoldedHeaders = Record<string, HeaderValue | HeaderValue[]>;

/** The part of kafkajs's decoder that the fix touches. */
export interface HeaderDecoder {
  readVarInt(): number;
}

type ReadHeader = (decoder: HeaderDecoder) => { readonly key: string; readonly value: HeaderValue };

/** kafkajs turns what it has read into an object by `reduce`; here the object is ready. */
export interface HeaderList {
  reduce(): FoldedHeaders;
}

/**
 * kafkajs 2.2.4 builds a record's headers by copying the object for each of them: 1,000 headers take a
 * second, 5,000 half a minute, and one foreign record of 1 MB (which holds a quarter of a million) stops
 * every consumer of its topic for good. Here each header is set once. Headers are the only thing that kafkajs
 * reads by this method.
 */
export function readHeaderList(this: HeaderDecoder, readHeader: ReadHeader): HeaderList {
  const count = this.readVarInt();
  const byName = new Map<string, HeaderValue | HeaderValue[]>();
  for (let i = 0; i < count; i++) {
    const { key, value } = readHeader(this);
    const before = byName.get(key);
    if (before === undefined) byName.set(key, value);
    else if (Array.isArray(before)) before.push(value);
    else byName.set(key, [before, value]);
  }
  return { reduce: () => Object.fromEntries(byName) };
}

/** Replaces the method once; false when this kafkajs is built otherwise, and then nothing is changed. */
export function fixHeaderFold(): boolean {
  if (typeof Decoder.prototype.readVarIntArray !== 'function') return false;
  Decoder.prototype.readVarIntArray = readHeaderList;
  return true;
}
