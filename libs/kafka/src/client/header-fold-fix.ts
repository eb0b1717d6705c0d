import Decoder from 'kafkajs/src/protocol/decoder.js';
import { headerName } from './header-names.js';

/** Text when all of its bytes are ASCII, as nearly every header's are. */
type HeaderValue = Buffer | string | null;
export type FoldedHeaders = Record<string, HeaderValue | HeaderValue[]>;

/** The part of kafkajs's decoder that the fix touches. */
export interface HeaderDecoder {
  readonly buffer: Buffer;
  offset: number;
  readVarInt(): number;
}

/** kafkajs turns what it has read into an object by `reduce`; here the object is ready. */
export interface HeaderList {
  reduce(): FoldedHeaders;
}

/** Objects that inherit nothing, so that any name is a name, and that the engine keeps as compact as literals. */
const Headers = function () {} as object as new () => FoldedHeaders;
Headers.prototype = Object.create(null) as FoldedHeaders;

/**
 * kafkajs 2.2.4 builds a record's headers by copying the object for each of them: 1,000 headers take a
 * second, 5,000 half a minute, and one foreign record of 1 MB (which holds a quarter of a million) stops
 * every consumer of its topic for good. Here each header is set once, and the usual names are not decoded
 * anew for every record, which takes a third of the time. Values that are ASCII come as texts: a Buffer for
 * each of a record's eleven headers keeps the garbage collector busier than all else that waits to be
 * handled. Headers are the only thing that kafkajs reads by this method.
 */
export function readHeaderList(this: HeaderDecoder): HeaderList {
  const count = this.readVarInt();
  const headers = new Headers();
  for (let i = 0; i < count; i++) {
    const length = this.readVarInt();
    const name = headerName(this.buffer, this.offset, pass(this, length));
    const value = readValue(this);
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else headers[name] = [before, value];
  }
  return { reduce: () => headers };
}

function readValue(decoder: HeaderDecoder): HeaderValue {
  const length = decoder.readVarInt();
  if (length < 0) return null;
  const { buffer, offset: start } = decoder;
  const end = pass(decoder, length);
  const text = buffer.toString('latin1', start, end);
  return beyondAscii.test(text) ? buffer.subarray(start, end) : text;
}

const beyondAscii = /[\x80-\xff]/;

/** Moves on; returns where it is then. */
function pass(decoder: HeaderDecoder, bytes: number): number {
  return (decoder.offset += Math.max(0, bytes));
}

/** Replaces the method once; false when this kafkajs is built otherwise, and then nothing is changed. */
export function fixHeaderFold(): boolean {
  if (typeof Decoder.prototype.readVarIntArray !== 'function') return false;
  Decoder.prototype.readVarIntArray = readHeaderList;
  return true;
}
