import type { FieldSchema } from './field-schema.js';

/** Says what is wrong with a value of the right type; undefined when nothing is. */
export type Constraint<T> = (value: T) => string | undefined;

/** A constraint that is there when the schema states its limit. */
function stated<L, T>(limit: L | undefined, constraint: (limit: L) => Constraint<T>): Constraint<T>[] {
  return limit === undefined ? [] : [constraint(limit)];
}

const unless = (right: boolean, message: string): string | undefined => (right ? undefined : message);

export function textConstraints(field: FieldSchema): Constraint<string>[] {
  return [
    ...allowed<string>(field),
    ...stated(field.minLength, (least) => (text: string) => unless(lengthOf(text) >= least, least === 1 ? 'must not be empty' : `must have at least ${least} characters`)),
    ...stated(field.maxLength, (most) => (text: string) => unless(lengthOf(text) <= most, `must have at most ${most} characters`)),
    ...stated(field.notBlank || undefined, () => (text: string) => unless(text.trim() !== '', 'must not be blank')),
    ...stated(field.pattern, (pattern) => {
      const expression = new RegExp(pattern, 'u');
      return (text: string) => unless(expression.test(text), `must match ${pattern}`);
    }),
    ...stated(field.format, (format) => (text: string) => unless(format !== 'time-zone' || isTimeZone(text), 'must be an IANA time zone')),
  ];
}

export function numberConstraints(field: FieldSchema): Constraint<number>[] {
  return [
    ...allowed<number>(field),
    ...stated(field.min, (min) => (value: number) => unless(value >= min, `must be at least ${min}`)),
    ...stated(field.max, (max) => (value: number) => unless(value <= max, `must be at most ${max}`)),
    ...stated(field.exclusiveMin, (min) => (value: number) => unless(value > min, `must be above ${min}`)),
    ...stated(field.decimalPlaces, (places) => (value: number) => unless(Number(value.toFixed(places)) === value, `must have at most ${places} decimal places`)),
  ];
}

export function listConstraints(field: FieldSchema): Constraint<readonly unknown[]>[] {
  return [
    ...stated(field.minItems, (least) => (list: readonly unknown[]) => unless(list.length >= least, `must have at least ${least} item${least === 1 ? '' : 's'}`)),
    ...stated(field.maxItems, (most) => (list: readonly unknown[]) => unless(list.length <= most, `must have at most ${most} items`)),
    ...stated(field.uniqueItems || undefined, () => (list: readonly unknown[]) => unless(new Set(list).size === list.length, 'must not hold an item twice')),
  ];
}

export function keyConstraints(field: FieldSchema): Constraint<object>[] {
  return stated(field.allowedKeys, (keys) => (value: object) => {
    const strange = Object.keys(value).filter((key) => !keys.includes(key)).map((key) => JSON.stringify(key));
    return unless(strange.length === 0, `must not have the key ${strange.join(', ')}; possible are ${keys.join(', ')}`);
  });
}

function allowed<T extends string | number>(field: FieldSchema): Constraint<T>[] {
  return stated(field.allowed, (list) => {
    const values = new Set<string | number>(list);
    const message = `must be one of ${list.map((value) => JSON.stringify(value)).join(', ')}`;
    return (value: T) => unless(values.has(value), message);
  });
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
