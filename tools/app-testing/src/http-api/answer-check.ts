import type { ApiDocument } from '@lifeos/service';
import { z } from 'zod';
import { type Described, operationsOf } from './bad-requests.js';

type JsonSchema = Exclude<Parameters<typeof z.fromJSONSchema>[0], boolean>;

export interface Answered {
  readonly method: string;
  /** With the prefix. */
  readonly path: string;
  readonly status: number;
  /** Parsed when JSON; null for none. */
  readonly body: unknown;
}

interface Place {
  readonly described: Described;
  readonly pattern: RegExp;
}

/** Holds successful answers against the service's document, in which no field may be missing. */
export class AnswerCheck {
  /** Operations that have been answered as documented. */
  readonly seen = new Set<string>();
  private readonly places: readonly Place[];
  private readonly definitions: NonNullable<JsonSchema['$defs']>;
  private readonly parsers = new Map<string, z.ZodType>();

  constructor(document: ApiDocument) {
    // Fixed words before parameters, as the router takes them.
    const operations = operationsOf(document).sort((a, b) => a.path.split('{').length - b.path.split('{').length);
    this.places = operations.map((described) => ({ described, pattern: new RegExp(`^${described.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));
    this.definitions = closed((document.components as { schemas: object }).schemas) as NonNullable<JsonSchema['$defs']>;
  }

  /** @throws Error that says how an answer differs from the document. */
  require(answered: Answered): void {
    const faults = this.faultsIn(answered);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }

  /** What an answer has that the document does not, or the other way round; nothing for refusals. */
  faultsIn({ method, path: asked, status, body }: Answered): string[] {
    if (status >= 300) return [];
    const path = asked.split('?')[0] ?? '';
    const place = this.places.find(({ described, pattern }) => described.method === method && pattern.test(path));
    if (!place) return [`${method} ${path} is not documented`];
    const { operationId, responses } = place.described.operation;
    const response = responses[status] as { content?: Readonly<Record<string, { readonly schema: JsonSchema }>> } | undefined;
    if (!response) return [`${operationId} answers ${status}, which is not documented`];
    this.seen.add(operationId);
    const [schema] = Object.values(response.content ?? {}).map((one) => one.schema);
    if (!schema) return body === null ? [] : [`${operationId} answers a body, and none is documented`];
    const { error } = this.parserOf(operationId, schema).safeParse(body);
    return error ? [`${operationId}: ${z.prettifyError(error)}`] : [];
  }

  private parserOf(operationId: string, schema: JsonSchema): z.ZodType {
    const known = this.parsers.get(operationId) ?? z.fromJSONSchema({ ...(closed(schema) as JsonSchema), $defs: this.definitions });
    this.parsers.set(operationId, known);
    return known;
  }
}

/** Refers to parts as JSON Schema does, and allows no field that is not named. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part === 'string') return part.replace(/^#\/components\/schemas\//, '#/$defs/');
  if (typeof part !== 'object' || part === null) return part;
  const inner = Object.fromEntries(Object.entries(part).map(([name, of]) => [name, closed(of)]));
  return inner['type'] === 'object' && typeof inner['properties'] === 'object' ? { additionalProperties: false, ...inner } : inner;
}
