import type { SchemaField } from '../model.js';

/** The fields of a record within a field's type, through lists and null. */
export function nestedFields(type: unknown): readonly SchemaField[] {
  if (Array.isArray(type)) return nestedFields(type[1]);
  const { type: kind, items, fields } = Object(type) as { type?: unknown; items?: unknown; fields?: readonly SchemaField[] };
  if (kind === 'array') return nestedFields(items);
  return kind === 'record' ? (fields ?? []) : [];
}

/** What decides how a value is read, the fields of a record left out: they are compared one by one. */
export function typeWithoutFields(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(typeWithoutFields);
  if (typeof type !== 'object' || type === null) return type;
  const { type: kind, items, name, logicalType, precision, scale } = type as Record<string, unknown>;
  if (kind === 'array') return { kind, items: typeWithoutFields(items) };
  return kind === 'record' ? { kind, name } : { kind, logicalType, precision, scale };
}
