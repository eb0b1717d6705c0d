import avro, { type Schema } from 'avsc';
import type { SchemaField, SchemaRecord } from '../model.js';
import type { FieldFault } from './fault.js';
import { typeFaults } from './type-faults.js';

/** Everything that a field may say; a misspelt limit would be no limit at all, without a word. */
const fieldAttributes = new Set([
  'name', 'type', 'doc', 'default', 'aliases', 'personal', 'deprecated', 'allowed', 'min', 'max', 'exclusiveMin', 'decimalPlaces',
  'minLength', 'maxLength', 'notBlank', 'format', 'pattern', 'allowedKeys', 'minItems', 'maxItems', 'uniqueItems',
]);
const recordAttributes = new Set(['type', 'namespace', 'name', 'aliases', 'doc', 'version', 'purpose', 'topic', 'domainEvent', 'fields']);
/** Core functionality needs no consent, so it is not named. */
const purposes = ['analytics', 'ai_insights', 'social_features', 'marketing', 'research', 'external_integrations'];

const unknownIn = (object: object, known: ReadonlySet<string>): string[] => Object.keys(object).filter((key) => !known.has(key));

/** Why a schema file cannot become an event; empty when it can. */
export function fileFaults(schema: SchemaRecord, expected: Pick<SchemaRecord, 'namespace' | 'name' | 'version'>): FieldFault[] {
  const faults: FieldFault[] = [];
  for (const key of ['namespace', 'name', 'version'] as const) {
    if (schema[key] !== expected[key]) faults.push({ field: '', rule: 'names', message: `${key} must be ${expected[key]}, is ${String(schema[key])}`, todo: `set ${key} to ${expected[key]}, as the path says` });
  }
  if (!Array.isArray(schema.fields)) return [...faults, { field: '', rule: 'avro', message: 'the record has no list of fields', todo: 'write fields: […]' }];
  faults.push(...recordFaults(schema), ...fieldFaults(schema.fields, ''));
  if (faults.length === 0) faults.push(...avroFaults(schema));
  return faults;
}

function recordFaults(schema: SchemaRecord): FieldFault[] {
  const faults: FieldFault[] = [];
  if (!schema.doc) faults.push({ field: '', rule: 'VR-10 doc', message: 'the record has no doc', todo: 'say in one sentence what has happened' });
  if (schema.purpose !== undefined && !purposes.includes(schema.purpose)) {
    faults.push({ field: '', rule: 'purpose', message: `purpose must be one of ${purposes.join(', ')}, is ${schema.purpose}`, todo: 'name a purpose that persons can consent to, or leave it out' });
  }
  faults.push(...unknownIn(schema, recordAttributes).map((key) => unknownAttribute('', `the record has an unknown attribute ${key}`)));
  const [first] = schema.fields;
  if (first?.name !== 'user_id' || first.type !== 'long') {
    faults.push({ field: first?.name ?? '', rule: 'VR-10 user-id-first', message: 'the first field must be user_id of type long', todo: 'begin the fields with user_id; it is the key of the record' });
  }
  return faults;
}

const unknownAttribute = (field: string, message: string): FieldFault => ({ field, rule: 'attributes', message, todo: 'correct the spelling, or take it out' });

export function fieldFaults(fields: readonly SchemaField[], prefix: string): FieldFault[] {
  return fields.flatMap((field) => {
    const at = prefix + field.name;
    const faults = typeFaults(field.type, at);
    if (!field.doc) faults.push({ field: at, rule: 'VR-10 doc', message: `${at} has no doc`, todo: 'say what the field means, with its unit' });
    faults.push(...unknownIn(field, fieldAttributes).map((key) => unknownAttribute(at, `${at} has an unknown attribute ${key}`)));
    const message = defaultFault(field.default);
    if (message) faults.push({ field: at, rule: 'default', message: `${at}: ${message}`, todo: 'give a plain value, null or []' });
    return faults;
  });
}

function defaultFault(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length > 0 ? "a list's default must be empty" : undefined;
  return typeof value === 'object' && value !== null ? 'a default must be plain or []' : undefined;
}

function avroFaults(schema: SchemaRecord): FieldFault[] {
  try {
    avro.Type.forSchema(schema as object as Schema);
    return [];
  } catch (error) {
    return [{ field: '', rule: 'avro', message: `Avro refuses it: ${error instanceof Error ? error.message : String(error)}`, todo: 'make it a valid Avro schema; a default must fit the first branch of its type' }];
  }
}
