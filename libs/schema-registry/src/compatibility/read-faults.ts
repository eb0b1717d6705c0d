import type { Field, Name, Node } from './schema-model.js';

/** Why bytes of one schema cannot be read by another. */
export interface AvroFault {
  /** Where in the reader's schema: `auto_completion_rules[].threshold`; empty for the record itself. */
  readonly field: string;
  readonly message: string;
}

type Of<K extends Node['kind']> = Extract<Node, { kind: K }>;

/** What the specification lets a reader take beside the very same type. */
const promotions: Readonly<Record<string, readonly string[]>> = {
  long: ['int'], float: ['int', 'long'], double: ['int', 'long', 'float'], string: ['bytes'], bytes: ['string'],
};

/** Everything that keeps `reader` from reading what `writer` wrote, by the rules of Avro's schema resolution. */
export function readFaults(reader: Node, writer: Node): AvroFault[] {
  return new Comparison().faults(reader, writer, '');
}

class Comparison {
  /** Pairs of records met before: a recursive schema is taken for readable where it meets itself. */
  private readonly met = new Map<Node, Map<Node, AvroFault[]>>();

  faults(reader: Node, writer: Node, at: string): AvroFault[] {
    if (writer.kind === 'union') return this.everyBranch(reader, writer, at);
    if (reader.kind === 'union') return this.someBranch(reader, writer, at);
    if (reader.kind !== writer.kind) return [{ field: at, message: `${textOf(reader)} cannot read ${textOf(writer)}` }];
    return this.sameKind(reader, writer, at);
  }

  private everyBranch(reader: Node, writer: Of<'union'>, at: string): AvroFault[] {
    return writer.branches.flatMap((branch) => this.faults(reader, branch, at));
  }

  private someBranch(reader: Of<'union'>, writer: Node, at: string): AvroFault[] {
    const isReadable = reader.branches.some((branch) => this.faults(branch, writer, at).length === 0);
    return isReadable ? [] : [{ field: at, message: `no branch of ${textOf(reader)} can read ${textOf(writer)}` }];
  }

  private sameKind(reader: Node, writer: Node, at: string): AvroFault[] {
    if (reader.kind === 'primitive' && writer.kind === 'primitive') return primitiveFaults(reader, writer, at);
    if (reader.kind === 'record' && writer.kind === 'record') return this.recordFaults(reader, writer, at);
    if (reader.kind === 'enum' && writer.kind === 'enum') return enumFaults(reader, writer, at);
    if (reader.kind === 'fixed' && writer.kind === 'fixed') return fixedFaults(reader, writer, at);
    return 'items' in reader && 'items' in writer ? this.faults(reader.items, writer.items, `${at}[]`) : [];
  }

  private recordFaults(reader: Of<'record'>, writer: Of<'record'>, at: string): AvroFault[] {
    const ofReader = this.met.get(reader) ?? new Map<Node, AvroFault[]>();
    this.met.set(reader, ofReader);
    const known = ofReader.get(writer);
    if (known) return known;
    ofReader.set(writer, []);
    const faults = [...nameFaults(reader.name, writer.name, at), ...reader.fields.flatMap((field) => this.fieldFaults(field, writer, at))];
    ofReader.set(writer, faults);
    return faults;
  }

  private fieldFaults(field: Field, writer: Of<'record'>, parent: string): AvroFault[] {
    const at = parent === '' ? field.name : `${parent}.${field.name}`;
    const written = [field.name, ...field.aliases].flatMap((name) => writer.fields.find((other) => other.name === name) ?? []);
    const [first, second] = written;
    if (second) return [{ field: at, message: `it could be read from ${written.map(({ name }) => name).join(' or ')}; its aliases may name only one field` }];
    if (first) return this.faults(field.type, first.type, at);
    return field.hasDefault ? [] : [{ field: at, message: 'it has no default, and the other side does not write it' }];
  }
}

function primitiveFaults(reader: Of<'primitive'>, writer: Of<'primitive'>, at: string): AvroFault[] {
  if (reader.name === writer.name || promotions[reader.name]?.includes(writer.name)) return [];
  return [{ field: at, message: `${reader.name} cannot read ${writer.name}` }];
}

function enumFaults(reader: Of<'enum'>, writer: Of<'enum'>, at: string): AvroFault[] {
  const unknown = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
  const faults = nameFaults(reader.name, writer.name, at);
  if (unknown.length > 0 && reader.fallback === null) faults.push({ field: at, message: `the enum does not know ${unknown.join(', ')}` });
  return faults;
}

function fixedFaults(reader: Of<'fixed'>, writer: Of<'fixed'>, at: string): AvroFault[] {
  const faults = nameFaults(reader.name, writer.name, at);
  if (reader.size !== writer.size) faults.push({ field: at, message: `${reader.size} bytes cannot read ${writer.size} bytes` });
  return faults;
}

/** Namespaces do not count, as the specification says since 1.9; aliases of the reader do, in full. */
function nameFaults(reader: Name, writer: Name, at: string): AvroFault[] {
  if (simple(reader.full) === simple(writer.full) || reader.aliases.includes(writer.full)) return [];
  return [{ field: at, message: `the name ${reader.full} is not ${writer.full}` }];
}

const simple = (full: string): string => full.slice(full.lastIndexOf('.') + 1);

function textOf(node: Node): string {
  if (node.kind === 'primitive') return node.name;
  if (node.kind === 'union') return `[${node.branches.map(textOf).join(', ')}]`;
  return 'name' in node ? `${node.kind} ${simple(node.name.full)}` : node.kind;
}
