import { UndecodableRecord } from '@lifeos/events';

/** Confluent wire format: a zero, the schema's id in four bytes, bare Avro. */
const prefix = 5;
const largestId = 0x7fff_ffff;

/** Puts the registry's id before bare Avro, in one new buffer. */
export function frame(schemaId: number, avro: Buffer): Buffer {
  if (!Number.isInteger(schemaId) || schemaId < 0 || schemaId > largestId) throw new RangeError(`${schemaId} is no schema id`);
  const framed = Buffer.allocUnsafe(prefix + avro.length);
  framed[0] = 0;
  framed.writeInt32BE(schemaId, 1);
  avro.copy(framed, prefix);
  return framed;
}

/** Takes a framed value apart; `avro` is a view into it, nothing is copied. */
export function unframe(value: Buffer): { readonly schemaId: number; readonly avro: Buffer } {
  return { schemaId: framedId(value), avro: framedAvro(value) };
}

/** @throws UndecodableRecord when the value is not framed. */
export function framedId(value: Buffer): number {
  if (value.length < prefix) throw new UndecodableRecord(`a value of ${value.length} bytes is too short for a schema id`, { fault: 'not_framed' });
  if (value[0] !== 0) throw new UndecodableRecord(`the first byte is ${value[0]}, not 0`, { fault: 'not_framed' });
  return value.readInt32BE(1);
}

export const framedAvro = (value: Buffer): Buffer => value.subarray(prefix);
