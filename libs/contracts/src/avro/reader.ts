import type { Type } from 'avsc';
import { compileSchema } from './compile-schema.js';
import { itemCountCheck } from './item-counts.js';

/** Reads bare Avro. Throws an Error when the bytes are cut off, too long or damaged. */
export type Reader = (bytes: Buffer) => object;

/**
 * A reader of what was written under `writer`, giving payloads of `reader`: fields that the reader lacks
 * are dropped, those that the writer lacked get their defaults. Costly to make, cheap to call: keep it.
 * @throws Error when the reader's schema cannot read the writer's.
 */
export function readerFrom(writer: object, reader: Type): Reader {
  return readerWith(writer, reader, reader.createResolver(compileSchema(writer)));
}

/** A reader of what was written under the schema that `type` was compiled from. */
export function readerOf(schema: object, type: Type): Reader {
  return readerWith(schema, type, undefined);
}

function readerWith(writer: object, reader: Type, resolver: ReturnType<Type['createResolver']> | undefined): Reader {
  const checkCounts = itemCountCheck(writer);
  if (!checkCounts) return (bytes) => reader.fromBuffer(bytes, resolver) as object;
  return (bytes) => {
    checkCounts(bytes);
    return reader.fromBuffer(bytes, resolver) as object;
  };
}
