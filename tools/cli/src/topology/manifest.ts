import { allEventTypes, ConsentState, type AnyEventType } from '@lifeos/contracts';
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
  /** Record names of other contexts that it publishes; left out when there are none. */
  readonly alsoPublishes?: readonly string[];
  readonly handlers: readonly HandlerManifest[];
}

/** `apps/<service>/consumers.json`; a handler of everything says `*`, so that a new event does not change it. */
export interface ManifestFile extends Omit<ConsumerManifest, 'handlers'> {
  readonly handlers: readonly (Omit<HandlerManifest, 'reads'> & { readonly reads: HandlerManifest['reads'] | '*' })[];
}

export interface Declared {
  /** Its Nest module. */
  readonly module: unknown;
  readonly alsoPublishes?: readonly AnyEventType[];
}

/** What a service's decorators say. */
export function manifestOf(service: string, { module, alsoPublishes = [] }: Declared): ManifestFile {
  const handlers = declaredHandlers(module).map(handlerManifest);
  const others = alsoPublishes.map(({ recordName }) => recordName).sort();
  return { service, group: service, ...(others.length > 0 ? { alsoPublishes: others } : {}), handlers: handlers.sort((a, b) => (a.handler < b.handler ? -1 : 1)) };
}

/** With what `*` stands for in this checkout, and what is built into every service. */
export function expanded({ handlers, ...manifest }: ManifestFile): ConsumerManifest {
  const own = handlers.map((handler) => ({ ...handler, reads: handler.reads === '*' ? versionsOf(allEventTypes) : handler.reads }));
  return { ...manifest, handlers: [...own, ...builtIn] };
}

/** Not in the committed files, which hold what each service declares itself. A test holds it equal to the decorator. */
const builtIn: readonly HandlerManifest[] = [{ handler: 'keep-consents', range: '^1.0.0', from: 'beginning', reads: { [ConsentState.recordName]: ConsentState.version } }];

const versionsOf = (types: readonly AnyEventType[]): HandlerManifest['reads'] => Object.fromEntries(types.map((type) => [type.recordName, type.version]).sort());

function handlerManifest({ name, aliases, types, versions, from, hasFallback }: DeclaredHandler): ManifestFile['handlers'][number] {
  const reads = types === '*' ? types : versionsOf([types].flat());
  return { handler: name, range: versions, from: typeof from === 'string' ? from : from.timestamp.toISOString(), ...(aliases.length > 0 ? { aliases } : {}), ...(hasFallback ? { fallback: true as const } : {}), reads };
}

export const manifestText = (manifest: ManifestFile): string => `${JSON.stringify(manifest, null, 2)}\n`;
