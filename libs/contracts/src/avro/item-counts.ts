/**
 * avsc believes the item count of an array: a damaged record of five bytes that claims 2^40 items would
 * keep the process busy until it runs out of memory. So the counts are compared with the bytes that are
 * there before anything is decoded. Schemas without arrays and maps need no such walk.
 */
type Step = (bytes: Uint8Array, at: number) => number;

/** @returns a check that throws RangeError on bytes whose counts cannot be true; null when none is needed. */
export function itemCountCheck(schema: unknown): ((bytes: Uint8Array) => void) | null {
  const walker = new Walker();
  const step = walker.step(schema, '');
  return walker.countsItems ? (bytes) => void step(bytes, 0) : null;
}

class Walker {
  countsItems = false;
  private readonly named = new Map<string, Step>();

  step(schema: unknown, namespace: string): Step {
    if (typeof schema === 'string') return this.plain(schema, namespace);
    if (Array.isArray(schema)) return this.union(schema.map((branch) => this.step(branch, namespace)));
    const { type, ...rest } = schema as { type: unknown } & Record<string, unknown>;
    if (type === 'record' || type === 'error') return this.record(rest, namespace);
    if (type === 'array') return this.items(this.step(rest.items, namespace));
    if (type === 'map') return this.items(sequence([skipBytes, this.step(rest.values, namespace)]));
    if (type === 'enum') return this.name(rest, namespace, skipNumber);
    if (type === 'fixed') return this.name(rest, namespace, (_bytes, at) => at + Number(rest.size));
    return this.step(type, namespace);
  }

  private plain(type: string, namespace: string): Step {
    const known = primitives[type];
    if (known) return known;
    const full = type.includes('.') || !namespace ? type : `${namespace}.${type}`;
    return (bytes, at) => {
      const step = this.named.get(full);
      if (!step) throw new RangeError(`the schema names ${full} but does not define it`);
      return step(bytes, at);
    };
  }

  private record(schema: Record<string, unknown>, outer: string): Step {
    const namespace = typeof schema.namespace === 'string' ? schema.namespace : outer;
    const fields = schema.fields as { type: unknown }[];
    return this.name(schema, namespace, sequence(fields.map((field) => this.step(field.type, namespace))));
  }

  private name(schema: Record<string, unknown>, namespace: string, step: Step): Step {
    const name = String(schema.name);
    this.named.set(name.includes('.') || !namespace ? name : `${namespace}.${name}`, step);
    return step;
  }

  private union(branches: Step[]): Step {
    return (bytes, at) => {
      const branch = branches[readNumber(bytes, at)];
      if (!branch) throw new RangeError(`byte ${at} names a union branch that the schema does not have`);
      return branch(bytes, skipNumber(bytes, at));
    };
  }

  private items(step: Step): Step {
    this.countsItems = true;
    return (bytes, start) => {
      let at = start;
      for (let count = readNumber(bytes, at); count !== 0; count = readNumber(bytes, at)) {
        at = skipNumber(bytes, at);
        if (count < 0) at = skipNumber(bytes, at);
        if (Math.abs(count) > bytes.length - at) throw new RangeError(`byte ${start} claims ${Math.abs(count)} items, more than there are bytes`);
        for (let left = Math.abs(count); left > 0; left--) {
          const next = step(bytes, at);
          if (next === at) throw new RangeError('items that take no bytes cannot be counted');
          at = next;
        }
      }
      return at + 1;
    };
  }
}

const sequence = (steps: Step[]): Step => (bytes, start) => {
  let at = start;
  for (const step of steps) at = step(bytes, at);
  return at;
};

const skipNumber: Step = (bytes, start) => {
  let at = start;
  while ((bytes[at++] ?? 0) >= 0x80);
  return at;
};

const longestNumber = 9;

function readNumber(bytes: Uint8Array, start: number): number {
  let value = 0;
  let unit = 1;
  for (let at = start; ; at++, unit *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return value % 2 ? -(value + 1) / 2 : value / 2;
    if (at - start >= longestNumber) throw new RangeError(`byte ${start} begins a number of more than ten bytes`);
  }
}

const skipBytes: Step = (bytes, at) => {
  const length = readNumber(bytes, at);
  if (length < 0) throw new RangeError(`byte ${at} claims a text of ${length} bytes`);
  return skipNumber(bytes, at) + length;
};

const skip = (size: number): Step => (_bytes, at) => at + size;
const primitives: Readonly<Record<string, Step>> = {
  null: skip(0), boolean: skip(1), int: skipNumber, long: skipNumber, float: skip(4), double: skip(8), bytes: skipBytes, string: skipBytes,
};
