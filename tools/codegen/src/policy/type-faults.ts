import type { SchemaField } from '../model.js';
import type { FieldFault } from './fault.js';
import { fieldFaults } from './file-faults.js';

const plain = ['string', 'boolean', 'int', 'long', 'double'];
const logical: Readonly<Record<string, string>> = { 'timestamp-millis': 'long', date: 'int', decimal: 'bytes', json: 'string' };

/** What contracts do without: every reader in every language must take every value, of today and tomorrow. */
export function typeFaults(type: unknown, at: string): FieldFault[] {
  if (typeof type === 'string') return plain.includes(type) ? [] : [unused(at, type)];
  if (Array.isArray(type)) return unionFaults(type, at);
  const schema = Object(type) as Record<string, unknown>;
  if (typeof schema.logicalType === 'string') return logicalFaults(schema, at);
  if (schema.type === 'array') return itemFaults(schema.items, `${at}[]`);
  if (schema.type === 'record' && Array.isArray(schema.fields)) return fieldFaults(schema.fields as SchemaField[], `${at}.`);
  return [unused(at, String(schema.type))];
}

function unused(at: string, type: string): FieldFault {
  const todo = type === 'enum' ? 'use string with the attribute allowed: it binds the producer, and readers take values that come later' : `use ${plain.join(', ')}, a known logical type, a record or an array`;
  return { field: at, rule: 'VR-10 types', message: `${at}: the type ${type} is not used in contracts`, todo };
}

function unionFaults(type: readonly unknown[], at: string): FieldFault[] {
  if (type.length === 2 && type[0] === 'null') return typeFaults(type[1], at);
  return [{ field: at, rule: 'VR-10 unions', message: `${at}: a union must be ["null", T]`, todo: 'write ["null", T] with default null, or a field for each case' }];
}

function logicalFaults(schema: Readonly<Record<string, unknown>>, at: string): FieldFault[] {
  const name = String(schema.logicalType);
  if (logical[name] === schema.type) return [];
  const known = Object.entries(logical).map(([one, type]) => `${one} of ${type}`);
  return [{ field: at, rule: 'logical-types', message: `${at}: the type ${name} of ${String(schema.type)} is not used in contracts`, todo: `use ${known.join(', ')}` }];
}

/** Avro allows any number of items that take no bytes in a few bytes: a record that fills the reader's memory. */
function itemFaults(items: unknown, at: string): FieldFault[] {
  if (takesNoBytes(items)) return [{ field: at, rule: 'zero-size-items', message: `${at}: items that take no bytes cannot be counted`, todo: 'give the items a field that is written, or state their number' }];
  return typeFaults(items, at);
}

function takesNoBytes(type: unknown): boolean {
  if (type === 'null') return true;
  const { type: kind, fields, size } = Object(type) as { type?: unknown; fields?: readonly { readonly type: unknown }[]; size?: unknown };
  if (kind === 'fixed') return size === 0;
  return kind === 'record' && Array.isArray(fields) && fields.every((field) => takesNoBytes(field.type));
}
