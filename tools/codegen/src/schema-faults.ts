import avro, { type Schema } from 'avsc';
import type { SchemaField, SchemaRecord } from './model.js';

const plain = ['string', 'boolean', 'int', 'long', 'double'];
const logical: Readonly<Record<string, string>> = { 'timestamp-millis': 'long', date: 'int', decimal: 'bytes', json: 'string' };

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
export function schemaFaults(schema: SchemaRecord, expected: Pick<SchemaRecord, 'namespace' | 'name' | 'version'>): string[] {
  const faults: string[] = [];
  for (const key of ['namespace', 'name', 'version'] as const) {
    if (schema[key] !== expected[key]) faults.push(`${key} must be ${expected[key]}, is ${String(schema[key])}`);
  }
  if (!schema.doc) faults.push('the record has no doc');
  if (schema.purpose !== undefined && !purposes.includes(schema.purpose)) faults.push(`purpose must be one of ${purposes.join(', ')}, is ${schema.purpose}`);
  faults.push(...unknownIn(schema, recordAttributes).map((key) => `the record has an unknown attribute ${key}`));
  const [first] = schema.fields;
  if (first?.name !== 'user_id' || first.type !== 'long') faults.push('the first field must be user_id of type long');
  faults.push(...fieldFaults(schema.fields, ''));
  if (faults.length === 0) faults.push(...avroFaults(schema));
  return faults;
}

function fieldFaults(fields: readonly SchemaField[], prefix: string): string[] {
  return fields.flatMap((field) => {
    const at = prefix + field.name;
    const faults = typeFaults(field.type, at);
    if (!field.doc) faults.push(`${at} has no doc`);
    faults.push(...unknownIn(field, fieldAttributes).map((key) => `${at} has an unknown attribute ${key}`));
    if (Array.isArray(field.default) && field.default.length > 0) faults.push(`${at}: a list's default must be empty`);
    else if (typeof field.default === 'object' && field.default !== null && !Array.isArray(field.default)) faults.push(`${at}: a default must be plain or []`);
    return faults;
  });
}

function typeFaults(type: unknown, at: string): string[] {
  if (typeof type === 'string') return plain.includes(type) ? [] : [`${at}: the type ${type} is not used in contracts`];
  if (Array.isArray(type)) return type.length === 2 && type[0] === 'null' ? typeFaults(type[1], at) : [`${at}: a union must be ["null", T]`];
  const schema = type as Record<string, unknown>;
  if (typeof schema.logicalType === 'string') {
    return logical[schema.logicalType] === schema.type ? [] : [`${at}: the type ${schema.logicalType} of ${String(schema.type)} is not used in contracts`];
  }
  if (schema.type === 'array') return typeFaults(schema.items, `${at}[]`);
  if (schema.type === 'record') return fieldFaults(schema.fields as SchemaField[], `${at}.`);
  return [`${at}: the type ${String(schema.type)} is not used in contracts`];
}

function avroFaults(schema: SchemaRecord): string[] {
  try {
    avro.Type.forSchema(schema as object as Schema);
    return [];
  } catch (error) {
    return [`Avro refuses it: ${error instanceof Error ? error.message : String(error)}`];
  }
}
