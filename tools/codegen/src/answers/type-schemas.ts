import ts from 'typescript';

export type JsonSchema = Readonly<Record<string, unknown>>;

const date: JsonSchema = { type: 'string', format: 'date-time' };
const nothing: JsonSchema = { type: 'null' };
const nothingText = JSON.stringify(nothing);

/**
 * JSON Schemas of types as they look in JSON: a Date is text, what may be undefined may be absent, doc comments
 * are descriptions. Types with a name of their own in the workspace go to `named` and are referred to.
 */
export class TypeSchemas {
  readonly named = new Map<string, JsonSchema>();
  private readonly owners = new Map<string, ts.Symbol>();

  constructor(private readonly checker: ts.TypeChecker) {}

  /** @throws Error with the path of a part that JSON cannot hold */
  of(type: ts.Type, path: string): JsonSchema {
    const name = this.nameOf(type);
    if (name === null) return this.inline(type, path);
    if (!this.named.has(name)) {
      this.named.set(name, {});
      this.named.set(name, { ...this.inline(type, name), ...this.wordsOn(type.aliasSymbol ?? type.symbol) });
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  private inline(type: ts.Type, path: string): JsonSchema {
    const simple = simpleSchema(type);
    if (simple) return simple;
    if (type.isUnion()) return this.union(type, path);
    if (nameOfClass(type) === 'Date') return date;
    if (nameOfClass(type) === 'StreamableFile') return { type: 'string' };
    if (this.checker.isArrayType(type) || this.checker.isTupleType(type)) return { type: 'array', items: this.items(type as ts.TypeReference, path) };
    if (type.getCallSignatures().length > 0) throw new Error(`${path} is a function, which JSON lacks.`);
    return this.object(type, path);
  }

  private items(type: ts.TypeReference, path: string): JsonSchema {
    return anyOf(this.checker.getTypeArguments(type).map((item) => this.of(item, `${path}[]`)));
  }

  private union(type: ts.UnionType, path: string): JsonSchema {
    const given = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const texts = given.filter((one) => one.isStringLiteral()).map(({ value }) => value).sort();
    const others = given.filter((one) => !one.isStringLiteral() && !(one.flags & (ts.TypeFlags.BooleanLiteral | ts.TypeFlags.Null)));
    return anyOf([
      ...(texts.length > 0 ? [{ type: 'string', enum: texts }] : []),
      ...booleans(given),
      ...others.map((one) => this.of(one, path)),
      ...(given.some(({ flags }) => flags & ts.TypeFlags.Null) ? [nothing] : []),
    ]);
  }

  private object(type: ts.Type, path: string): JsonSchema {
    const fields = this.checker.getPropertiesOfType(type);
    const ofAnyName = this.checker.getIndexInfosOfType(type).find(({ keyType }) => keyType.flags & ts.TypeFlags.String);
    const properties = Object.fromEntries(fields.map((field) => [field.name, this.field(field, `${path}.${field.name}`)]));
    const required = fields.filter((field) => !this.mayBeAbsent(field)).map(({ name }) => name);
    return {
      type: 'object',
      ...(fields.length > 0 ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
      ...(ofAnyName ? { additionalProperties: this.of(ofAnyName.type, `${path}.*`) } : {}),
    };
  }

  private field(field: ts.Symbol, path: string): JsonSchema {
    return { ...this.of(this.checker.getTypeOfSymbol(field), path), ...this.wordsOn(field) };
  }

  private wordsOn(symbol: ts.Symbol): JsonSchema {
    const description = ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).replaceAll(/\s+/g, ' ').trim();
    return description === '' ? {} : { description };
  }

  private mayBeAbsent(field: ts.Symbol): boolean {
    const type = this.checker.getTypeOfSymbol(field);
    return (field.flags & ts.SymbolFlags.Optional) !== 0 || (type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Undefined));
  }

  /** Null for a type that is written where it is used, or comes from elsewhere. */
  private nameOf(type: ts.Type): string | null {
    const symbol = namedBy(type);
    if (!symbol || isFromElsewhere(symbol)) return null;
    const owner = this.owners.get(symbol.name);
    if (owner && owner !== symbol) throw new Error(`Two types of answers are named ${symbol.name}; give one of them another name.`);
    this.owners.set(symbol.name, symbol);
    return symbol.name;
  }
}

function namedBy(type: ts.Type): ts.Symbol | null {
  if (type.aliasSymbol && !type.aliasTypeArguments) return type.aliasSymbol;
  const isGeneric = ((type as ts.TypeReference).typeArguments ?? []).length > 0;
  return (type.symbol?.flags ?? 0) & ts.SymbolFlags.Interface && !isGeneric ? type.symbol : null;
}

const isFromElsewhere = ({ declarations = [] }: ts.Symbol): boolean => declarations.some((one) => one.getSourceFile().fileName.includes('/node_modules/'));

function simpleSchema(type: ts.Type): JsonSchema | null {
  const { flags } = type;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) return {};
  if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
  if (flags & ts.TypeFlags.BooleanLiteral) return { type: 'boolean', const: isTrue(type) };
  if (flags & ts.TypeFlags.StringLike) return { type: 'string' };
  if (flags & ts.TypeFlags.NumberLike) return { type: 'number' };
  if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
  return flags & ts.TypeFlags.Null ? nothing : null;
}

function booleans(types: readonly ts.Type[]): JsonSchema[] {
  const found = types.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
  return found.length === 2 ? [{ type: 'boolean' }] : found.map((one) => ({ type: 'boolean', const: isTrue(one) }));
}

const isTrue = (type: ts.Type): boolean => (type as ts.Type & { readonly intrinsicName?: string }).intrinsicName === 'true';
const nameOfClass = (type: ts.Type): string | null => (type.symbol && isFromElsewhere(type.symbol) ? type.symbol.name : null);

/** In an order of its own: the compiler's depends on what it has met before. */
function anyOf(schemas: readonly JsonSchema[]): JsonSchema {
  const texts = [...new Set(schemas.map((one) => JSON.stringify(one)))].sort((a, b) => Number(a === nothingText) - Number(b === nothingText) || (a < b ? -1 : 1));
  if (texts.length === 0 || texts.includes('{}')) return {};
  const all = texts.map((text) => JSON.parse(text) as JsonSchema);
  return all.length === 1 ? (all[0] ?? {}) : { anyOf: all };
}
