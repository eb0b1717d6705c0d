/** What a field's schema says beyond plain Avro; the constraints bind the producer only. */
export interface FieldSchema {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
  /** The text points to a person or tells of one. */
  readonly personal?: boolean;
  /** The constraints down to `pattern` hold for the value, in a list for each item. */
  readonly allowed?: readonly (string | number)[];
  readonly min?: number;
  readonly max?: number;
  readonly exclusiveMin?: number;
  readonly decimalPlaces?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly notBlank?: boolean;
  readonly format?: string;
  readonly pattern?: string;
  /** Keys that a JSON object may have. */
  readonly allowedKeys?: readonly string[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
}

/** The part of an Avro type that decides how a value is checked and written as JSON. */
export type Kind =
  | { readonly kind: 'text' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'datetime' }
  | { readonly kind: 'date' }
  | { readonly kind: 'json' }
  | { readonly kind: 'int' | 'long' | 'double' }
  | { readonly kind: 'decimal'; readonly scale: number }
  | { readonly kind: 'list'; readonly items: unknown }
  | { readonly kind: 'record'; readonly fields: readonly FieldSchema[] }
  | { readonly kind: 'optional'; readonly type: unknown };

const logical = { 'timestamp-millis': 'datetime', date: 'date', json: 'json' } as const;
const plain = { string: 'text', boolean: 'flag', int: 'int', long: 'long', double: 'double' } as const;
const has = <T extends object>(table: T, key: unknown): key is keyof T => typeof key === 'string' && Object.hasOwn(table, key);

/** @throws TypeError for Avro that the contracts do not use: enums, maps, fixed, other unions. */
export function kindOf(type: unknown): Kind {
  if (has(plain, type)) return { kind: plain[type] };
  if (Array.isArray(type) && type.length === 2 && type[0] === 'null') return { kind: 'optional', type: type[1] as unknown };
  if (typeof type === 'object' && type !== null && !Array.isArray(type)) return complexKind(type as Record<string, unknown>);
  throw new TypeError(`contracts have no type ${JSON.stringify(type)}`);
}

function complexKind(schema: Record<string, unknown>): Kind {
  if (schema.logicalType === 'decimal') return { kind: 'decimal', scale: Number(schema.scale ?? 0) };
  if (has(logical, schema.logicalType)) return { kind: logical[schema.logicalType] };
  if (schema.type === 'array') return { kind: 'list', items: schema.items };
  if (schema.type === 'record') return { kind: 'record', fields: schema.fields as FieldSchema[] };
  if (schema.logicalType === undefined && has(plain, schema.type)) return { kind: plain[schema.type] };
  throw new TypeError(`contracts have no type ${JSON.stringify(schema)}`);
}
