import fc from 'fast-check';
import type { AnyEventType } from '../event-type.js';
import { largestLong, smallestLong } from '../avro/long-range.js';
import { type FieldSchema, kindOf } from '../payload/field-schema.js';
import { fitted } from './fitted-payload.js';

/**
 * Payloads that a producer may state for one released version of an event: nulls, extremes, empty lists,
 * all of Unicode. Derived from the schema, so a new event or version is covered without a line of test.
 */
export function payloadArbitrary(type: AnyEventType, version: string = type.version): fc.Arbitrary<Record<string, unknown>> {
  const schema = type.schemas.get(version);
  if (!schema) throw new Error(`${type.recordName} has no version ${version}`);
  return recordOf(schema.fields as readonly object[] as readonly FieldSchema[]).map((payload) => fitted(type.recordName, payload));
}

function recordOf(fields: readonly FieldSchema[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, field)])), { noNullPrototype: true });
}

function valueOf(type: unknown, field: FieldSchema): fc.Arbitrary<unknown> {
  const kind = kindOf(type);
  if (kind.kind === 'optional') return fc.oneof(fc.constant(null), valueOf(kind.type, field));
  if (kind.kind === 'record') return recordOf(kind.fields);
  if (kind.kind === 'list') return listOf(valueOf(kind.items, field), field);
  return field.allowed ? fc.constantFrom<string | number>(...field.allowed) : scalarOf(kind.kind, field);
}

type Scalar = Exclude<ReturnType<typeof kindOf>['kind'], 'optional' | 'record' | 'list'>;

function scalarOf(kind: Scalar, field: FieldSchema): fc.Arbitrary<unknown> {
  const arbitraries: Readonly<Record<Scalar, () => fc.Arbitrary<unknown>>> = {
    text: () => textOf(field),
    flag: () => fc.boolean(),
    datetime: () => fc.date({ noInvalidDate: true, min: new Date(smallestLong) }),
    date: () => fc.date({ noInvalidDate: true, min: new Date('0000-01-01'), max: new Date('9999-12-31') }).map((date) => date.toISOString().slice(0, 10)),
    json: () => jsonOf(field),
    decimal: () => fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }).map((unscaled) => unscaled / 10_000),
    double: () => doubleOf(field),
    int: () => wholeOf(-(2 ** 31), 2 ** 31 - 1, field),
    long: () => wholeOf(smallestLong, largestLong, field),
  };
  return arbitraries[kind]();
}

const wholeOf = (smallest: number, largest: number, { min = smallest, max = largest }: FieldSchema): fc.Arbitrary<number> => fc.integer({ min, max });

function doubleOf({ min, max, exclusiveMin, decimalPlaces }: FieldSchema): fc.Arbitrary<number> {
  if (decimalPlaces !== undefined) return fc.integer({ min: (min ?? 0) * 100, max: (max ?? 100) * 100 }).map((value) => Number((value / 100).toFixed(decimalPlaces)));
  const limits = { min: exclusiveMin ?? min ?? -Number.MAX_VALUE, max: max ?? Number.MAX_VALUE, minExcluded: exclusiveMin !== undefined };
  return fc.double({ noNaN: true, noDefaultInfinity: true, ...limits }).map((value) => (value === 0 ? 0 : value));
}

const sayable = (text: string): string => text.replaceAll('\u0000', '0');
const anyText = (limits: fc.StringConstraints = {}): fc.Arbitrary<string> => fc.string({ unit: 'binary', ...limits }).map(sayable);

function textOf({ minLength, maxLength, notBlank, pattern, format }: FieldSchema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u')).map(sayable).filter((text) => !/\p{Surrogate}/u.test(text));
  if (format === 'time-zone') return fc.constantFrom('UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Pacific/Kiritimati');
  const limits = { ...(minLength === undefined ? {} : { minLength }), ...(maxLength === undefined ? {} : { maxLength }) };
  const long = fc.constant('€'.repeat(maxLength ?? 3000));
  const text = fc.oneof({ weight: 20, arbitrary: anyText(limits) }, { weight: 1, arbitrary: long });
  return notBlank ? text.map((value) => (value.trim() === '' ? 'x' : value)) : text;
}

function listOf(item: fc.Arbitrary<unknown>, { minItems, maxItems, uniqueItems }: FieldSchema): fc.Arbitrary<unknown[]> {
  const limits = { ...(minItems === undefined ? {} : { minLength: minItems }), ...(maxItems === undefined ? {} : { maxLength: maxItems }) };
  return uniqueItems ? fc.uniqueArray(item, limits) : fc.array(item, limits);
}

function jsonOf({ allowedKeys }: FieldSchema): fc.Arbitrary<Record<string, unknown>> {
  const key = allowedKeys ? fc.constantFrom(...allowedKeys) : anyText();
  return fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true }).map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
}
