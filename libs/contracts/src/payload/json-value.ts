/** Deep enough for any fact, and a circle ends here. */
const deepest = 64;

/** Says why a value is not a JSON object that survives being written and read; undefined when it is one. */
export function jsonObjectFault(value: unknown): string | undefined {
  return isPlainObject(value) ? faultAt(value, '', 0) : 'must be an object of JSON values';
}

function faultAt(value: unknown, path: string, depth: number): string | undefined {
  if (depth > deepest) return `is nested deeper than ${deepest} levels`;
  const at = path === '' ? '' : ` at ${path}`;
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `holds ${value}${at}, which JSON lacks`;
  if (typeof value === 'string') return textFault(value) && `holds a text${at} that ${textFault(value)}`;
  if (Array.isArray(value)) return firstFault(value.map((item, index) => [`${path}[${index}]`, item]), depth);
  if (isPlainObject(value)) return firstFault(Object.entries(value).map(([key, item]) => [path === '' ? key : `${path}.${key}`, item]), depth);
  return `holds a ${typeof value}${at}, which JSON lacks`;
}

function firstFault(entries: [string, unknown][], depth: number): string | undefined {
  for (const [path, item] of entries) {
    const fault = textFault(path) ? `has a key that ${textFault(path)}` : faultAt(item, path, depth + 1);
    if (fault) return fault;
  }
  return undefined;
}

/** Half a surrogate pair is lost in UTF-8, and PostgreSQL's text cannot hold U+0000: every listener would fail. */
export function textFault(text: string): string | undefined {
  if (/\p{Surrogate}/u.test(text)) return 'holds half a surrogate pair';
  return text.includes('\u0000') ? 'holds the character U+0000' : undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
