import { daysOf } from '../avro/calendar-date.js';
import { unscaled } from '../avro/decimal.js';
import { largestLong, smallestLong } from '../avro/long-range.js';
import type { Fault } from '../invalid-event.js';
import { type Constraint, keyConstraints, listConstraints, numberConstraints, textConstraints } from './constraints.js';
import { type FieldSchema, type Kind, kindOf } from './field-schema.js';
import { jsonObjectFault, textFault } from './json-value.js';

/** Checks a value, adds what is wrong to `faults`, and returns a copy that the caller cannot change later. */
export type Check = (value: unknown, path: string, faults: Fault[]) => unknown;

const isInt = (value: number): boolean => value >= -(2 ** 31) && value < 2 ** 31;
const isLong = (value: number): boolean => value >= smallestLong && value <= largestLong;

export function checkOf(type: unknown, field: FieldSchema): Check {
  const kind = kindOf(type);
  if (kind.kind === 'optional') return optional(checkOf(kind.type, field));
  if (kind.kind === 'list') return list(checkOf(kind.items, field), listConstraints(field), field);
  if (kind.kind === 'record') return checkRecord(kind.fields);
  return scalar(kind, field);
}

/** A check of an object with exactly these fields: the missing, the unknown and the wrong ones are all named. */
export function checkRecord(fields: readonly FieldSchema[]): Check {
  const checks = fields.map((field) => ({ field, check: checkOf(field.type, field), fallback: fallbackOf(field) }));
  const names = new Set(fields.map((field) => field.name));
  return (value, path, faults) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault(faults, path || 'payload', 'must be an object');
    const input = value as Record<string, unknown>;
    const built: Record<string, unknown> = {};
    const prefix = path === '' ? '' : `${path}.`;
    for (const { field, check, fallback } of checks) {
      const given = Object.hasOwn(input, field.name) ? input[field.name] : undefined;
      if (given !== undefined) built[field.name] = check(given, prefix + field.name, faults);
      else if (fallback) built[field.name] = fallback();
      else fault(faults, prefix + field.name, 'is missing');
    }
    for (const name of Object.keys(input)) if (!names.has(name)) fault(faults, prefix + name, 'is not a field of this event');
    return built;
  };
}

/** Defaults of the contracts are null, texts and empty lists; a list is made anew for each event. */
function fallbackOf(field: FieldSchema): (() => unknown) | undefined {
  if (!('default' in field)) return undefined;
  return Array.isArray(field.default) ? () => structuredClone(field.default) : () => field.default;
}

const optional = (check: Check): Check => (value, path, faults) => (value === null ? null : check(value, path, faults));

function list(item: Check, constraints: Constraint<readonly unknown[]>[], field: FieldSchema): Check {
  return (value, path, faults) => {
    if (!Array.isArray(value)) return fault(faults, path, `must be a list${shown(value, field)}`);
    const built = Array.from(value, (entry, index) => item(entry, `${path}[${index}]`, faults));
    for (const constraint of constraints) report(constraint(built), path, faults);
    return built;
  };
}

type ScalarKind = Exclude<Kind, { kind: 'optional' | 'list' | 'record' }>;
type NumberKind = Extract<Kind, { kind: 'int' | 'long' | 'double' }> | Extract<Kind, { kind: 'decimal' }>;

function scalar(kind: ScalarKind, field: FieldSchema): Check {
  if (kind.kind === 'text') return valueCheck(field, text, 'a text', [textFaultOf, ...textConstraints(field)]);
  if (kind.kind === 'flag') return valueCheck(field, flag, 'true or false', []);
  if (kind.kind === 'datetime') return valueCheck(field, datetime, 'a valid Date, in JSON an ISO 8601 time in UTC', []);
  if (kind.kind === 'date') return valueCheck(field, date, 'a day of the calendar as YYYY-MM-DD', []);
  if (kind.kind === 'json') return json(field);
  return valueCheck(field, numberOf(kind), numberText[kind.kind], numberConstraints(field));
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
const date = (value: unknown): string | undefined => (typeof value === 'string' && daysOf(value) !== undefined ? value : undefined);

const textFaultOf: Constraint<string> = textFault;

const numberText = {
  int: 'a whole number of 32 bits',
  long: 'a whole number that a double holds exactly',
  double: 'a finite number',
  decimal: 'a number of at most 4 decimal places and 15 digits',
} as const;

function numberOf(kind: NumberKind): (value: unknown) => number | undefined {
  const fits = (value: number): boolean => {
    if (kind.kind === 'decimal') return unscaled(value, kind.scale) !== undefined;
    if (kind.kind === 'double') return Number.isFinite(value);
    return Number.isInteger(value) && (kind.kind === 'int' ? isInt(value) : isLong(value));
  };
  // JSON and decimals know no -0, so an equal event could not be read back.
  return (value) => (typeof value === 'number' && fits(value) ? (value === 0 ? 0 : value) : undefined);
}

/** An invalid Date is NaN, which no range holds. */
const datetime = (value: unknown): Date | undefined => (value instanceof Date && isLong(value.getTime()) ? new Date(value) : undefined);

function valueCheck<T>(field: FieldSchema, take: (value: unknown) => T | undefined, expected: string, constraints: Constraint<T>[]): Check {
  return (value, path, faults) => {
    const taken = take(value);
    if (taken === undefined) return fault(faults, path, `must be ${expected}${shown(value, field)}`);
    for (const constraint of constraints) {
      const found = constraint(taken);
      if (found) fault(faults, path, found + shown(value, field));
    }
    return taken;
  };
}

function json(field: FieldSchema): Check {
  const constraints = keyConstraints(field);
  return (value, path, faults) => {
    const wrong = jsonObjectFault(value);
    if (wrong) return fault(faults, path, wrong);
    for (const constraint of constraints) report(constraint(value as object), path, faults);
    return JSON.parse(JSON.stringify(value)) as unknown;
  };
}

function report(found: string | undefined, path: string, faults: Fault[]): void {
  if (found) fault(faults, path, found);
}

function fault(faults: Fault[], field: string, message: string): undefined {
  faults.push({ field, message });
  return undefined;
}

/** The value for the message, unless it may tell of a person. */
function shown(value: unknown, field: FieldSchema): string {
  if (field.personal) return '';
  const words = said(value);
  return `, is ${words.length > 60 ? `${words.slice(0, 60)}…` : words}`;
}

function said(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value).slice(8, -1) : String(value);
}
