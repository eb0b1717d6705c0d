/** JSON Schema as far as request bodies and parameters use it. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

/** A field that may be null is tested as what it is else. */
export function core(schema: Schema): Schema {
  const others = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  return others.length === 1 && others[0] ? core(others[0]) : schema;
}

/** Text that is stored and given back as it is: no pattern, no fixed values. */
export function isFreeText(schema: Schema): boolean {
  const { type, format, pattern, enum: values, const: value } = core(schema);
  return type === 'string' && [format, pattern, values, value].every((one) => one === undefined);
}

/** A value that fits, `text` where any text does. */
export function sampleOf(given: Schema, text: string): unknown {
  const schema = core(given);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf?.[0]) return sampleOf(schema.anyOf[0], text);
  if (schema.type === 'object') return sampleObject(schema, text);
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}, text));
  if (schema.type === 'string') return sampleText(schema, text);
  if (schema.type === 'boolean') return true;
  return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1);
}

/** Required fields alone, so that as few rules as possible meet; where none is, the first one, so that it says something. */
export function sampleObject({ properties = {}, required = [] }: Schema, text: string): Record<string, unknown> {
  const fields = Object.entries(properties);
  const needed = fields.filter(([name]) => required.includes(name));
  return Object.fromEntries((needed.length > 0 ? needed : fields.slice(0, 1)).map(([name, schema]) => [name, sampleOf(schema, text)]));
}

function sampleText({ format, pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Schema, text: string): string {
  if (format === 'date') return '2026-11-21';
  if (format === 'date-time') return '2026-11-21T12:00:00Z';
  if (pattern?.includes('@')) return 'somebody@example.org';
  const characters = [...text.padEnd(minLength, 'x')];
  return characters.slice(0, Math.min(characters.length, maxLength)).join('');
}
