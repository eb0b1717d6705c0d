import type { SchemaField } from './model.js';

/** Readers take any text; a producer's allowed values are literal types. */
export type Side = 'reader' | 'producer';

const plain: Readonly<Record<string, string>> = { string: 'string', boolean: 'boolean', int: 'number', long: 'number', double: 'number' };
const logical: Readonly<Record<string, string>> = {
  'timestamp-millis': 'Date',
  date: 'string',
  decimal: 'number',
  json: 'Readonly<Record<string, unknown>>',
};

export function fieldsText(fields: readonly SchemaField[], side: Side, indent: string): string {
  return fields
    .map((field) => {
      const optional = side === 'producer' && 'default' in field ? '?' : '';
      return `${docText(field, side, indent)}${indent}readonly ${field.name}${optional}: ${typeText(field.type, { field, side, indent })};\n`;
    })
    .join('');
}

interface Place {
  readonly field: SchemaField;
  readonly side: Side;
  readonly indent: string;
}

function typeText(type: unknown, place: Place): string {
  if (typeof type === 'string') return literals(place) ?? plain[type] ?? 'never';
  if (Array.isArray(type)) return `${typeText(type[1], place)} | null`;
  const schema = type as Record<string, unknown>;
  if (typeof schema.logicalType === 'string') return logical[schema.logicalType] ?? 'never';
  if (schema.type === 'record') return `{\n${fieldsText(schema.fields as SchemaField[], place.side, `${place.indent}  `)}${place.indent}}`;
  return listText(typeText(schema.items, place), place.field);
}

function listText(item: string, { minItems, maxItems }: SchemaField): string {
  if (typeof minItems === 'number' && minItems === maxItems) return `readonly [${Array(minItems).fill(item).join(', ')}]`;
  return `readonly ${item.includes(' | ') ? `(${item})` : item}[]`;
}

function literals({ field, side }: Place): string | undefined {
  if (side === 'reader' || !field.allowed) return undefined;
  return field.allowed.map((value) => (typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value))).join(' | ');
}

function docText(field: SchemaField, side: Side, indent: string): string {
  const notes = [
    field.doc,
    formatNote(field),
    side === 'producer' && 'default' in field ? `Default: ${JSON.stringify(field.default)}.` : undefined,
    side === 'producer' ? limitsNote(field) : undefined,
  ];
  return `${indent}/** ${notes.filter(Boolean).join(' ').replaceAll('*/', '* /')} */\n`;
}

function formatNote(field: SchemaField): string | undefined {
  const text = JSON.stringify(field.type);
  if (text.includes('"date"')) return 'YYYY-MM-DD.';
  return text.includes('"decimal"') ? 'At most 4 decimal places and 15 digits.' : undefined;
}

/** The constraints that the type does not show. */
const limits: Readonly<Record<string, (value: unknown) => string>> = {
  min: (value) => `at least ${String(value)}`,
  max: (value) => `at most ${String(value)}`,
  exclusiveMin: (value) => `above ${String(value)}`,
  decimalPlaces: (value) => `at most ${String(value)} decimal places`,
  minLength: (value) => (value === 1 ? 'not empty' : `at least ${String(value)} characters`),
  maxLength: (value) => `at most ${String(value)} characters`,
  notBlank: () => 'not blank',
  pattern: (value) => `matches ${String(value)}`,
  format: (value) => (value === 'time-zone' ? 'an IANA time zone' : String(value)),
  allowedKeys: (value) => `only the keys ${(value as string[]).join(', ')}`,
  minItems: (value) => `at least ${String(value)} item${value === 1 ? '' : 's'}`,
  maxItems: (value) => `at most ${String(value)} items`,
  uniqueItems: () => 'no item twice',
};

function limitsNote(field: SchemaField): string | undefined {
  const notes = Object.entries(limits).flatMap(([key, note]) => (key in field ? [note(field[key])] : []));
  return notes.length > 0 ? `Must be: ${notes.join('; ')}.` : undefined;
}
