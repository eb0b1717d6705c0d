/** A field as it stands in a schema file. */
export interface SchemaField {
  readonly name: string;
  readonly type: unknown;
  readonly doc?: string;
  readonly default?: unknown;
  readonly allowed?: readonly (string | number)[];
  readonly [attribute: string]: unknown;
}

/** A schema file. */
export interface SchemaRecord {
  readonly type: 'record';
  readonly namespace: string;
  readonly name: string;
  readonly doc: string;
  readonly version: string;
  /** Consent that the event needs; left out for core functionality. */
  readonly purpose?: string;
  /** Set where the topic is not that of the context. */
  readonly topic?: string;
  /** False for a record that is no fact of the domain, such as the state of a consent. */
  readonly domainEvent?: boolean;
  readonly fields: readonly SchemaField[];
}

/** Everything that one generated file is made of: an event within one major. */
export interface EventModule {
  readonly name: string;
  readonly context: string;
  /** A private event never leaves its service. */
  readonly visibility: 'public' | 'private';
  readonly major: number;
  /** Oldest first, at least one. */
  readonly versions: readonly SchemaRecord[];
}

/** What producers state and readers get follows the newest version. */
export function newestOf(event: EventModule): SchemaRecord {
  const newest = event.versions.at(-1);
  if (!newest) throw new Error(`${event.name} has no version`);
  return newest;
}

/** The first major has the catalog's name, so that a second one beside it breaks nobody. */
export const exportName = (event: EventModule): string => (event.major === 1 ? event.name : `${event.name}V${event.major}`);

export const moduleName = (event: EventModule): string =>
  exportName(event).replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();

/**
 * The topic that a record goes to: that of its context, or the one that the schema names. UserDataErased
 * is for every service to publish; since a record type has one topic, all of them are to write to
 * `lifeos.privacy.events`, and `ce_source` tells who it was. A topic a service would make one event many types.
 */
export const topicOf = (event: EventModule): string | null =>
  event.visibility === 'private' ? null : (newestOf(event).topic ?? `lifeos.${event.context}.events`);
