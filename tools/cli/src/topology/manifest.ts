import { allEventTypes, type AnyEventType } from '@lifeos/contracts';
import { declaredHandlers, type DeclaredHandler } from '@lifeos/kafka';

/** What one handler takes, as committed beside its service: who changes an event reads it before the merge. */
export interface HandlerManifest {
  readonly handler: string;
  /** Semver text. */
  readonly range: string;
  readonly from: string;
  /** Record names it reads, each with the version that it was compiled to read as. */
  readonly reads: Readonly<Record<string, string>>;
}

/** `apps/<service>/consumers.json` */
export interface ConsumerManifest {
  readonly service: string;
  readonly group: string;
  readonly handlers: readonly HandlerManifest[];
}

/** What a service's decorators say. `module` is its Nest module. */
export function manifestOf(service: string, module: unknown): ConsumerManifest {
  const handlers = declaredHandlers(module).map(handlerManifest);
  return { service, group: service, handlers: handlers.sort((a, b) => (a.handler < b.handler ? -1 : 1)) };
}

function handlerManifest({ name, types, versions, from }: DeclaredHandler): HandlerManifest {
  const read: readonly AnyEventType[] = types === '*' ? allEventTypes : [types].flat();
  const reads = Object.fromEntries(read.map((type) => [type.recordName, type.version]).sort());
  return { handler: name, range: versions, from: typeof from === 'string' ? from : from.timestamp.toISOString(), reads };
}

export const manifestText = (manifest: ConsumerManifest): string => `${JSON.stringify(manifest, null, 2)}\n`;
