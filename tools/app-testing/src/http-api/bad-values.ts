import { core, type Schema } from './schema.js';

/** A value that no field of the schema may have, and why. */
export interface BadValue {
  readonly why: string;
  /** JSON text, since some of it (a lone surrogate, a number beyond the safe ones) is no value that JSON.stringify keeps. */
  readonly json: string;
}

const bad = (why: string, value: unknown): BadValue => ({ why, json: JSON.stringify(value) });

/** What one field of a body must not be. */
export function badValuesOf(given: Schema): BadValue[] {
  const schema = core(given);
  const wrongType = wrongTypes[schema.type ?? ''] ?? [];
  return [...wrongType.map((value) => bad('wrong type', value)), ...(limits[schema.type ?? '']?.(schema) ?? [])];
}

const wrongTypes: Readonly<Record<string, readonly unknown[]>> = {
  string: [7, true, { a: 1 }, ['a']],
  integer: ['seven', true, {}, [1], 1.5],
  number: ['seven', true, {}, [1]],
  boolean: ['yes', 1, {}],
  array: ['a,b'.length, true],
  object: ['text', 7, [1]],
};

const limits: Readonly<Record<string, (schema: Schema) => BadValue[]>> = {
  string: badTexts,
  integer: (schema) => [{ why: 'beyond the safe integers', json: '9007199254740993' }, { why: 'no finite number', json: '1e999' }, ...badNumbers(schema)],
  number: (schema) => [{ why: 'no finite number', json: '1e999' }, ...badNumbers(schema)],
  array: ({ maxItems, items = {} }) => (maxItems === undefined ? [] : [bad('too many items', Array.from({ length: maxItems + 1 }, (_, i) => (core(items).type === 'integer' ? i + 1 : `item ${i}`)))]),
};

function badTexts({ format, enum: values, minLength = 0, maxLength }: Schema): BadValue[] {
  const dates = ['2026-02-30', '2026-13-01', '2025-02-29', 'yesterday', ''];
  return [
    bad('a null byte', 'a\0b'),
    { why: 'a lone surrogate', json: '"\\ud800"' },
    ...(values ? [bad('an unknown value', 'nothing of the kind')] : []),
    ...(maxLength === undefined ? [] : [bad('too long', 'x'.repeat(maxLength + 1))]),
    ...(minLength > 1 ? [bad('too short', 'x'.repeat(minLength - 1))] : []),
    ...(minLength > 0 ? [bad('empty', ''), bad('blank', ' '.repeat(minLength))] : []),
    ...(format === 'date' ? dates.map((date) => bad('no date', date)) : []),
    ...(format === 'date-time' ? [...dates, '2026-02-30T00:00:00Z', '2026-11-21T25:00:00Z'].map((date) => bad('no time', date)) : []),
  ];
}

function badNumbers({ minimum, exclusiveMinimum, maximum }: Schema): BadValue[] {
  return [
    ...(minimum === undefined ? [] : [bad('too small', minimum - 1)]),
    ...(exclusiveMinimum === undefined ? [] : [bad('too small', exclusiveMinimum)]),
    ...(minimum !== undefined && minimum >= 0 ? [bad('negative', -7)] : []),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? [] : [bad('too large', maximum + 1)]),
  ];
}

/** The same for path and query, where everything is text. Encoded. */
export function badParametersOf(given: Schema): string[] {
  const schema = core(given);
  const numbers = [(schema.minimum ?? 0) - 1, (schema.maximum ?? 0) + 1].map(String);
  const byType: Readonly<Record<string, readonly string[]>> = {
    integer: ['seven', '1.5', '9007199254740993', `1' OR '1'='1`, '1e3x', ...(schema.minimum === undefined ? [] : numbers.slice(0, 1)), ...(schema.maximum === undefined ? [] : numbers.slice(1))],
    string: ['a\0b', ...(schema.enum ? ['nothing of the kind', `'; DROP TABLE users; --`] : []), ...(schema.format === 'date' ? ['2026-02-30', 'yesterday'] : [])],
  };
  return (byType[schema.type ?? ''] ?? []).map(encodeURIComponent);
}
