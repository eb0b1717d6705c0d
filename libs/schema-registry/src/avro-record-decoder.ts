import { type AnyEventType, type Reader, readerFrom } from '@lifeos/contracts';
import { type IncomingRecord, type RecordDecoder, UndecodableRecord, type UndecodableFault } from '@lifeos/events';
import { framedAvro, framedId } from './framing.js';
import { schemaText, type RegisteredSchemaIds } from './registered-schema-ids.js';
import type { WriterSchema, WriterSchemas } from './writer-schemas.js';

/** How records of one writer schema are read as one event type; or why they cannot be. */
type Route =
  | { readonly read: Reader; readonly version: string | null; readonly versionBytes: Buffer | null }
  | { readonly fault: UndecodableFault; readonly reason: string };

/**
 * Reads framed Avro. The id decides which schema the bytes were written with, the header's version is
 * only compared with it. One resolver for each writer schema and event type is made once and kept.
 */
export class AvroRecordDecoder implements RecordDecoder {
  private readonly routes = new Map<AnyEventType, Map<number, Route>>();

  constructor(
    private readonly ids: Pick<RegisteredSchemaIds, 'localSchema'>,
    private readonly schemas: Pick<WriterSchemas, 'get'>,
  ) {}

  decode(record: IncomingRecord, type: AnyEventType): object | Promise<object> {
    const { value } = record;
    if (value === null) throw new UndecodableRecord('it has no value', { fault: 'no_value' });
    const id = framedId(value);
    const route = this.routes.get(type)?.get(id) ?? this.findRoute(id, type);
    return route instanceof Promise ? route.then((found) => read(record, value, found)) : read(record, value, route);
  }

  private findRoute(id: number, type: AnyEventType): Route | Promise<Route> {
    const local = this.ids.localSchema(id);
    if (local?.type === type) return this.keep(id, type, route((bytes) => type.decode(bytes, local.version) as object, local.version));
    const writer = this.schemas.get(id);
    return writer instanceof Promise
      ? writer.then((schema) => this.keep(id, type, routeFrom(schema, type)))
      : this.keep(id, type, routeFrom(writer, type));
  }

  private keep(id: number, type: AnyEventType, found: Route): Route {
    let ofType = this.routes.get(type);
    if (!ofType) this.routes.set(type, (ofType = new Map<number, Route>()));
    ofType.set(id, found);
    return found;
  }
}

const route = (reader: Reader, version: string | null): Route => ({ read: reader, version, versionBytes: version === null ? null : Buffer.from(version) });

function routeFrom(writer: WriterSchema, type: AnyEventType): Route {
  if (writer.schemaType !== 'AVRO') return { fault: 'unreadable_schema', reason: `its schema is ${writer.schemaType}, not Avro` };
  try {
    const schema = Object(JSON.parse(writer.schema)) as Record<string, unknown>;
    const name = fullName(schema);
    if (name === type.recordName) return route(readerOf(schema, type), typeof schema.version === 'string' ? schema.version : null);
    const fault = withoutMajor(name) === withoutMajor(type.recordName) ? 'other_major' : 'other_type';
    return { fault, reason: `it was written as ${name}, not as ${type.recordName}` };
  } catch (error) {
    return { fault: 'unreadable_schema', reason: `its schema cannot be read as ${type.recordName} ${type.version}: ${messageOf(error)}` };
  }
}

/** A schema that this build knows word for word is read without a resolver: when it is the newest, that saves a fifth. */
function readerOf(schema: Record<string, unknown>, type: AnyEventType): Reader {
  const text = JSON.stringify(schema);
  for (const [version, known] of type.schemas) if (schemaText(known) === text) return (bytes) => type.decode(bytes, version) as object;
  return readerFrom(schema, type.avroType);
}

function fullName({ name, namespace }: Record<string, unknown>): string {
  const text = String(name);
  return text.includes('.') || typeof namespace !== 'string' || namespace === '' ? text : `${namespace}.${text}`;
}

const withoutMajor = (recordName: string): string => recordName.replace(/\.v\d+\.(?=[^.]+$)/, '.');

function read(record: IncomingRecord, value: Buffer, found: Route): object {
  if ('fault' in found) throw new UndecodableRecord(found.reason, { fault: found.fault });
  const stated = record.headers.ce_eventversion;
  if (stated !== undefined && found.versionBytes !== null && !says(stated, found.versionBytes)) {
    throw new UndecodableRecord(`its header says version ${String(stated)}, its schema is version ${found.version}`, { fault: 'version_mismatch' });
  }
  try {
    return found.read(framedAvro(value));
  } catch (error) {
    throw new UndecodableRecord(`its bytes do not fit its schema: ${messageOf(error)}`, { fault: 'damaged', cause: error });
  }
}

/** Compared byte by byte, because this runs for every event: for five bytes a call into Node costs more. */
function says(stated: Buffer | string | (Buffer | string)[], version: Buffer): boolean {
  if (Array.isArray(stated)) return stated.every((one) => says(one, version));
  if (typeof stated === 'string') return stated === version.toString();
  if (stated.length !== version.length) return false;
  for (let at = 0; at < version.length; at++) if (stated[at] !== version[at]) return false;
  return true;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
