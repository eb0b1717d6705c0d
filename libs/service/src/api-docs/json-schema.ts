import { z } from 'zod';
import { pathId } from '../http/validation.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a client may send, as JSON Schema 2020-12, which OpenAPI 3.1 speaks. Parts that refer to themselves go to `shared`, under names that begin with `owner`. */
export function jsonSchemaOf(schema: z.ZodType, owner: string, shared: Record<string, JsonSchema>): JsonSchema {
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: ({ zodSchema, jsonSchema }) => describe(zodSchema, jsonSchema) });
  const { $schema: _, $defs = {}, ...found } = JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', `"#/components/schemas/${owner}`)) as Record<string, unknown> & { $defs?: Record<string, JsonSchema> };
  for (const [name, part] of Object.entries($defs)) shared[`${owner}${name}`] = part;
  return found;
}

/** An id in a path is checked as text; to a client it is a number. */
function describe(zodSchema: object, jsonSchema: object): void {
  if (zodSchema !== pathId) return;
  for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
  Object.assign(jsonSchema, { type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
}

export interface Property {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** The fields of an object. */
export function propertiesOf({ properties, required }: JsonSchema): Property[] {
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries(properties).map(([name, property]) => ({ name, schema: property as JsonSchema, required: names.includes(name) }));
}
