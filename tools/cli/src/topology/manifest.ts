import { allEventTypes, type AnyEventType } from '@lifeos/contracts';
import { declaredHandlers, type DeclaredHandler } from '@lifeos/kafka';

/** What one handler takes, as committed beside its service: who changes an event reads it before the merge. */
export interface HandlerManifest {
  readonly handler: string;
  /** Semver text. */
  readonly range: string;
  readonly from: string;
  /** Former names, oldest first; left out when there are none. */
  readonly aliases?: readonly string[];
  /** True when it brings a function for versions that it could not be given (VR-9); else left out. */
  readonly fallback?: true;
  /** Record names it reads, each with the version that it was compiled to read as. */
  readonly reads: Readonly<Record<string, string>>;
}

export interface ConsumerManifest {
  readonly service: string;
  readonly group: string;
  readonly handlers: readonly HandlerManifest[];
}

/** `apps/<service>/consumers.json`; a handler of everything says `*`, so that a new event does not change it. */
export interface ManifestFile extends Omit<ConsumerManifest, 'handlers'> {
  readonly handlers: readonly (Omit<HandlerManifest, 'reads'> & { readonly reads: HandlerManifest['reads'] | '*' })[];
}

/** What a service's decorators say. `module` is its Nest module. */
export function manifestOf(service: string, module: unknown): ManifestFile {
  const handlers = declaredHandlers(module).map(handlerManifest);
  return { service, group: service, handlers: handlers.sort((a, b) => (a.handler < b.handler ? -1 : 1)) };
}

/** With what `*` stands for in this checkout. */
export function expanded({ handlers, ...manifest }: ManifestFile): ConsumerManifest {
  return { ...manifest, handlers: handlers.map((handler) => ({ ...handler, reads: handler.reads === '*' ? versionsOf(allEventTypes) : handler.reads })) };
}

const versionsOf = (types: readonly AnyEventType[]): HandlerManifest['reads'] => Object.fromEntries(types.map((type) => [type.recordName, type.version]).sort());

function handlerManifest({ name, aliases, types, versions, from, hasFallback }: DeclaredHandler): ManifestFile['handlers'][number] {
  const reads = types === '*' ? types : versionsOf([types].flat());
  return { handler: name, range: versions, from: typeof from === 'string' ? from : from.timestamp.toISOString(), ...(aliases.length > 0 ? { aliases } : {}), ...(hasFallback ? { fallback: true as const } : {}), reads };
}

export const manifestText = (manifest: ManifestFile): string => `${JSON.stringify(manifest, null, 2)}\n`;
