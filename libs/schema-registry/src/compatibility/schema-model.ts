/** An Avro schema with every name resolved, so that two of them can be compared. */
export type Node =
  | { readonly kind: 'primitive'; readonly name: string }
  | { readonly kind: 'record'; readonly name: Name; readonly fields: readonly Field[] }
  | { readonly kind: 'enum'; readonly name: Name; readonly symbols: readonly string[]; readonly fallback: string | null }
  | { readonly kind: 'fixed'; readonly name: Name; readonly size: number }
  | { readonly kind: 'array' | 'map'; readonly items: Node }
  | { readonly kind: 'union'; readonly branches: readonly Node[] };

export interface Name {
  readonly full: string;
  /** Full names. */
  readonly aliases: readonly string[];
}

export interface Field {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly hasDefault: boolean;
  readonly type: Node;
}

type Json = Readonly<Record<string, unknown>>;

const primitives = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);

/** @throws TypeError for what is no Avro schema, or names a type that it does not define. */
export function schemaModel(schema: unknown): Node {
  return new Parser().parse(schema, '');
}

class Parser {
  private readonly named = new Map<string, Node>();

  parse(schema: unknown, namespace: string): Node {
    if (typeof schema === 'string') return this.reference(schema, namespace);
    if (Array.isArray(schema)) return { kind: 'union', branches: schema.map((branch) => this.parse(branch, namespace)) };
    if (typeof schema !== 'object' || schema === null) throw new TypeError(`${JSON.stringify(schema)} is no Avro schema`);
    const json = schema as Json;
    switch (json.type) {
      case 'record':
        return this.record(json, namespace);
      case 'enum':
        return this.define({ kind: 'enum', name: nameOf(json, namespace), symbols: json.symbols as string[], fallback: typeof json.default === 'string' ? json.default : null });
      case 'fixed':
        return this.define({ kind: 'fixed', name: nameOf(json, namespace), size: Number(json.size) });
      case 'array':
        return { kind: 'array', items: this.parse(json.items, namespace) };
      case 'map':
        return { kind: 'map', items: this.parse(json.values, namespace) };
      default:
        return this.parse(json.type, namespace);
    }
  }

  private reference(name: string, namespace: string): Node {
    if (primitives.has(name)) return { kind: 'primitive', name };
    const known = this.named.get(qualified(name, namespace));
    if (!known) throw new TypeError(`the type ${name} is not defined`);
    return known;
  }

  private record(json: Json, outer: string): Node {
    const name = nameOf(json, outer);
    const fields: Field[] = [];
    const node = this.define({ kind: 'record', name, fields });
    for (const field of json.fields as Json[]) {
      fields.push({
        name: String(field.name),
        aliases: (field.aliases ?? []) as string[],
        hasDefault: 'default' in field,
        type: this.parse(field.type, namespaceOf(name.full)),
      });
    }
    return node;
  }

  private define<N extends Node & { name: Name }>(node: N): N {
    this.named.set(node.name.full, node);
    return node;
  }
}

function nameOf(json: Json, outer: string): Name {
  const full = qualified(String(json.name), typeof json.namespace === 'string' ? json.namespace : outer);
  return { full, aliases: ((json.aliases ?? []) as string[]).map((alias) => qualified(alias, namespaceOf(full))) };
}

const qualified = (name: string, namespace: string): string => (name.includes('.') || namespace === '' ? name : `${namespace}.${name}`);
const namespaceOf = (full: string): string => full.slice(0, Math.max(0, full.lastIndexOf('.')));
