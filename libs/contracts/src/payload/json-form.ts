import type { JsonObject, JsonValue } from '../event-type.js';
import { type FieldSchema, kindOf } from './field-schema.js';

/** Turns a value of a payload into its JSON form, or back. Only datetimes look different in JSON. */
type Turn = (value: unknown) => unknown;

const utc = /^(\d{4}|[+-]\d{6})-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

const toText: Turn = (value) => (value instanceof Date ? value.toISOString() : value);

/** What is no time of the calendar stays as it is, so that the check can name it. */
const toDate: Turn = (value) => {
  if (typeof value !== 'string' || !utc.test(value)) return value;
  const date = new Date(value);
  const seconds = value.slice(0, value.indexOf('T') + 9);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(seconds) ? date : value;
};

export function jsonWriter(fields: readonly FieldSchema[]): (payload: object) => JsonObject {
  const turn = turnRecord(fields, toText);
  return (payload) => turn(payload) as { [key: string]: JsonValue };
}

/** Gives what the payload's check takes; nothing is checked here. */
export function jsonReader(fields: readonly FieldSchema[]): Turn {
  return turnRecord(fields, toDate);
}

function turnRecord(fields: readonly FieldSchema[], datetime: Turn): Turn {
  const turns = fields.map((field) => [field.name, turnOf(field.type, datetime)] as const).filter(([, turn]) => turn !== null);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const copy: Record<string, unknown> = { ...value };
    for (const [name, turn] of turns) if (turn && Object.hasOwn(copy, name)) copy[name] = turn(copy[name]);
    return copy;
  };
}

/** Null when values of the type look the same in JSON. */
function turnOf(type: unknown, datetime: Turn): Turn | null {
  const kind = kindOf(type);
  if (kind.kind === 'datetime') return datetime;
  if (kind.kind === 'record') return turnRecord(kind.fields, datetime);
  if (kind.kind === 'optional') return turnOf(kind.type, datetime);
  const item = kind.kind === 'list' ? turnOf(kind.items, datetime) : null;
  return item && ((value) => (Array.isArray(value) ? value.map(item) : value));
}
