import type { FieldSchema } from './field-schema.js';

/** Says what is wrong with a value of the right type; undefined when nothing is. */
export type Constraint<T> = (value: T) => string | undefined;

/** The constraints of a field, as functions: those of one value, those of the list around it. */
export function textConstraints(field: FieldSchema): Constraint<string>[] {
  const { minLength, maxLength, pattern } = field;
  const found: Constraint<string>[] = allowed(field);
  if (minLength !== undefined) found.push((text) => (lengthOf(text) < minLength ? (minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`) : undefined));
  if (maxLength !== undefined) found.push((text) => (lengthOf(text) > maxLength ? `must have at most ${maxLength} characters` : undefined));
  if (field.notBlank) found.push((text) => (text.trim() === '' ? 'must not be blank' : undefined));
  if (pattern !== undefined) {
    const expression = new RegExp(pattern, 'u');
    found.push((text) => (expression.test(text) ? undefined : `must match ${pattern}`));
  }
  if (field.format === 'time-zone') found.push((text) => (isTimeZone(text) ? undefined : 'must be an IANA time zone'));
  return found;
}

export function numberConstraints(field: FieldSchema): Constraint<number>[] {
  const { min, max, exclusiveMin, decimalPlaces } = field;
  const found: Constraint<number>[] = allowed(field);
  if (min !== undefined) found.push((value) => (value < min ? `must be at least ${min}` : undefined));
  if (max !== undefined) found.push((value) => (value > max ? `must be at most ${max}` : undefined));
  if (exclusiveMin !== undefined) found.push((value) => (value <= exclusiveMin ? `must be above ${exclusiveMin}` : undefined));
  if (decimalPlaces !== undefined) found.push((value) => (Number(value.toFixed(decimalPlaces)) === value ? undefined : `must have at most ${decimalPlaces} decimal places`));
  return found;
}

export function listConstraints(field: FieldSchema): Constraint<readonly unknown[]>[] {
  const { minItems, maxItems } = field;
  const found: Constraint<readonly unknown[]>[] = [];
  if (minItems !== undefined) found.push((list) => (list.length < minItems ? `must have at least ${minItems} item${minItems === 1 ? '' : 's'}` : undefined));
  if (maxItems !== undefined) found.push((list) => (list.length > maxItems ? `must have at most ${maxItems} items` : undefined));
  if (field.uniqueItems) found.push((list) => (new Set(list).size < list.length ? 'must not hold an item twice' : undefined));
  return found;
}

export function keyConstraints(field: FieldSchema): Constraint<object>[] {
  const { allowedKeys } = field;
  if (allowedKeys === undefined) return [];
  return [
    (value) => {
      const strange = Object.keys(value).filter((key) => !allowedKeys.includes(key));
      return strange.length > 0 ? `must not have the key ${strange.map((key) => JSON.stringify(key)).join(', ')}; possible are ${allowedKeys.join(', ')}` : undefined;
    },
  ];
}

function allowed<T extends string | number>(field: FieldSchema): Constraint<T>[] {
  if (field.allowed === undefined) return [];
  const values = new Set<string | number>(field.allowed);
  const text = field.allowed.map((value) => JSON.stringify(value)).join(', ');
  return [(value) => (values.has(value) ? undefined : `must be one of ${text}`)];
}

/** Characters as people count them, not UTF-16 units. */
const lengthOf = (text: string): number => (/[\uD800-\uDBFF]/.test(text) ? [...text].length : text.length);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
