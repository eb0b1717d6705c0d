import avro, { type Schema, type Type } from 'avsc';
import { logicalTypes } from './logical-types.js';

/** Compiles a schema so that reading gives plain objects, with the logical types of the contracts. */
export function compileSchema(schema: object): Type {
  const type = avro.Type.forSchema(schema as Schema, { logicalTypes, wrapUnions: 'never', omitRecordMethods: true });
  giveRecordsPlainPrototypes(type, new Set());
  return type;
}

/**
 * Reading calls one constructor a record type. With Object's prototype its instances are plain objects
 * from the start, equal to literals, and nothing has to be copied afterwards.
 */
function giveRecordsPlainPrototypes(type: Type, seen: Set<Type>): void {
  if (seen.has(type)) return;
  seen.add(type);
  if (type instanceof avro.types.RecordType) {
    (type.recordConstructor as { prototype: object }).prototype = Object.prototype;
    for (const field of type.fields) giveRecordsPlainPrototypes(field.type, seen);
  } else if (type instanceof avro.types.ArrayType) giveRecordsPlainPrototypes(type.itemsType, seen);
  else if (type instanceof avro.types.MapType) giveRecordsPlainPrototypes(type.valuesType as Type, seen);
  else if (type instanceof avro.types.UnwrappedUnionType) for (const branch of type.types) giveRecordsPlainPrototypes(branch, seen);
}
