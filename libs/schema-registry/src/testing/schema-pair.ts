import fc from 'fast-check';
import type { AvroRecordSchema } from '@lifeos/contracts';

/** A type without names; they are given by place, so that the same place has the same name in both of a pair. */
type Shape =
  | { readonly of: 'plain'; readonly type: string }
  | { readonly of: 'logical'; readonly schema: object }
  | { readonly of: 'enum'; readonly symbols: readonly string[]; readonly fallback: boolean }
  | { readonly of: 'fixed'; readonly size: number }
  | { readonly of: 'array' | 'map'; readonly items: Shape }
  | { readonly of: 'record'; readonly name: string; readonly fields: readonly FieldShape[] }
  | { readonly of: 'itself' }
  | { readonly of: 'union'; readonly branches: readonly Shape[] };

interface FieldShape {
  readonly name: string;
  readonly formerly: string | null;
  readonly withDefault: boolean;
  readonly type: Shape;
}

const plain: fc.Arbitrary<Shape> = fc.constantFrom('int', 'long', 'float', 'double', 'string', 'bytes', 'boolean').map((type) => ({ of: 'plain', type }));
const logical: fc.Arbitrary<Shape> = fc
  .constantFrom(
    { type: 'long', logicalType: 'timestamp-millis' },
    { type: 'int', logicalType: 'date' },
    { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 4 },
    { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 2 },
    { type: 'string', logicalType: 'json' },
  )
  .map((schema) => ({ of: 'logical', schema }));
const enumeration: fc.Arbitrary<Shape> = fc.record({ of: fc.constant('enum' as const), symbols: fc.subarray(['A', 'B', 'C'], { minLength: 1 }), fallback: fc.boolean() });
const fixed: fc.Arbitrary<Shape> = fc.integer({ min: 1, max: 3 }).map((size) => ({ of: 'fixed', size }));

function shape(depth: number): fc.Arbitrary<Shape> {
  const leaf = fc.oneof({ weight: 6, arbitrary: plain }, logical, enumeration, fixed);
  if (depth === 0) return leaf;
  const inner = shape(depth - 1);
  const list = fc.record({ of: fc.constantFrom('array' as const, 'map' as const), items: inner });
  return fc.oneof({ weight: 5, arbitrary: leaf }, list, record(depth - 1), { weight: 2, arbitrary: union(depth) });
}

const record = (depth: number): fc.Arbitrary<Shape> =>
  fc.record({ of: fc.constant('record' as const), name: fc.constantFrom('One', 'One', 'One', 'Two'), fields: fields(depth, ['x', 'y', 'z']) });

/** Branches of different kinds, so that the union is a legal one. */
function union(depth: number): fc.Arbitrary<Shape> {
  const branches: fc.Arbitrary<Shape>[] = [
    ...['null', 'int', 'long', 'double', 'string', 'bytes'].map((type) => fc.constant<Shape>({ of: 'plain', type })),
    fc.constant<Shape>({ of: 'itself' }), enumeration, fixed, record(depth - 1),
  ];
  return fc.shuffledSubarray([...branches.keys()], { minLength: 2, maxLength: 4 }).chain((chosen) => fc.tuple(...chosen.map((index) => branches[index] ?? plain))).map((all) => ({ of: 'union', branches: all }));
}

const field = (depth: number, name: string): fc.Arbitrary<FieldShape> =>
  fc.record({ name: fc.constant(name), formerly: fc.constant(null), withDefault: fc.boolean(), type: shape(depth) });
const fields = (depth: number, names: readonly string[]): fc.Arbitrary<FieldShape[]> =>
  fc.subarray([...names], { minLength: 1 }).chain((chosen) => fc.tuple(...chosen.map((name) => field(depth, name))));

/** What somebody does to a field in a next version. */
function changed(old: FieldShape, depth: number): fc.Arbitrary<FieldShape[]> {
  return fc.oneof<fc.WeightedArbitrary<FieldShape[]>[]>(
    { weight: 8, arbitrary: fc.constant([old]) },
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.boolean().map((withDefault) => [{ ...old, withDefault }]) },
    { weight: 1, arbitrary: fc.boolean().map((withDefault) => [{ ...old, name: `${old.name}_new`, formerly: old.name, withDefault }]) },
    { weight: 2, arbitrary: changedType(old.type, depth).map((type) => [{ ...old, type }]) },
  );
}

function changedType(type: Shape, depth: number): fc.Arbitrary<Shape> {
  const optional: fc.Arbitrary<Shape> = fc.constant({ of: 'union', branches: type.of === 'union' || type.of === 'itself' ? [{ of: 'plain', type: 'null' }] : [{ of: 'plain', type: 'null' }, type] });
  if (type.of === 'array' || type.of === 'map') return fc.oneof(changedType(type.items, depth).map((items) => ({ ...type, items })), shape(depth));
  if (type.of === 'record') return fc.oneof(changedFields(type.fields, Math.max(0, depth - 1), ['v', 'w']).map((next) => ({ ...type, fields: next })), shape(depth));
  return fc.oneof(shape(depth), optional);
}

function changedFields(old: readonly FieldShape[], depth: number, added: readonly string[]): fc.Arbitrary<FieldShape[]> {
  const additions = fc.oneof({ weight: 2, arbitrary: fc.constant<FieldShape[]>([]) }, { weight: 1, arbitrary: fields(depth, added) });
  const kept = fc.tuple(...old.map((one) => changed(one, depth))).map((all) => all.flat());
  return fc.tuple(kept, additions).map(([all, more]) => (all.length + more.length === 0 ? [...old] : [...all, ...more]));
}

/** A schema and others that might be its next version, compatible or not. */
export function schemaVersions(namespace: string, count: number): fc.Arbitrary<{ base: AvroRecordSchema; others: AvroRecordSchema[] }> {
  return fields(2, ['a', 'b', 'c', 'd']).chain((base) =>
    fc.array(changedFields(base, 2, ['e', 'f']), { minLength: count, maxLength: count }).map((others) => ({ base: schemaOf(namespace, base), others: others.map((one) => schemaOf(namespace, one)) })),
  );
}

const schemaOf = (namespace: string, all: readonly FieldShape[]): AvroRecordSchema =>
  ({ type: 'record', namespace, name: 'Root', doc: '', version: '1.0.0', fields: all.map((one) => fieldOf(one, 'Root')) });

function fieldOf({ name, formerly, withDefault, type }: FieldShape, parent: string): Record<string, unknown> {
  const value = withDefault ? defaultOf(type) : undefined;
  return { name, type: typeOf(type, `${parent}_${formerly ?? name}`), ...(formerly === null ? {} : { aliases: [formerly] }), ...(value === undefined ? {} : { default: value }) };
}

function typeOf(type: Shape, at: string): unknown {
  switch (type.of) {
    case 'plain': return type.type;
    case 'logical': return type.schema;
    case 'itself': return 'Root';
    case 'enum': return { type: 'enum', name: `${at}_Enum`, symbols: type.symbols, ...(type.fallback ? { default: type.symbols[0] } : {}) };
    case 'fixed': return { type: 'fixed', name: `${at}_Fixed`, size: type.size };
    case 'array': return { type: 'array', items: typeOf(type.items, at) };
    case 'map': return { type: 'map', values: typeOf(type.items, at) };
    case 'record': return { type: 'record', name: `${at}_${type.name}`, fields: type.fields.map((one) => fieldOf(one, `${at}_${type.name}`)) };
    case 'union': return type.branches.map((branch) => typeOf(branch, at));
  }
}

const defaults: Readonly<Record<string, unknown>> = { null: null, int: 0, long: 0, float: 0.5, double: 0.5, string: '', bytes: '', boolean: false };

/** Undefined for types that are given none here. */
function defaultOf(type: Shape): unknown {
  if (type.of === 'plain') return defaults[type.type];
  if (type.of === 'logical') return defaults[String((type.schema as { type: string }).type)];
  if (type.of === 'enum') return type.symbols[0];
  if (type.of === 'array') return [];
  if (type.of === 'map') return {};
  return type.of === 'union' && type.branches[0] ? defaultOf(type.branches[0]) : undefined;
}
