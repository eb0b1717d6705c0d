import type { ConsumerManifest } from './manifest.js';

/** Who publishes a record type, and who takes it. */
export interface TopologyRow {
  readonly recordName: string;
  readonly version: string;
  /** Null: no service publishes it yet, although its schema is released. */
  readonly publisher: string | null;
  readonly topic: string;
  readonly consumers: readonly { readonly service: string; readonly handler: string; readonly range: string }[];
}

interface Published {
  readonly recordName: string;
  readonly version: string;
  readonly context: string;
  readonly topic: string | null;
}

export function topologyOf(types: readonly Published[], manifests: readonly ConsumerManifest[]): TopologyRow[] {
  return types.flatMap(({ recordName, version, context, topic }) => {
    if (topic === null) return [];
    const consumers = manifests.flatMap(({ service, handlers }) => handlers.filter(({ reads }) => recordName in reads).map(({ handler, range }) => ({ service, handler, range })));
    return [{ recordName, version, publisher: publisherOf({ recordName, context }, manifests), topic, consumers }];
  });
}

/** The service that says it publishes a record of another context, else that of the record's own; null when there is neither. */
export function publisherOf({ recordName, context }: Pick<Published, 'recordName' | 'context'>, manifests: readonly ConsumerManifest[]): string | null {
  const publisher = manifests.find(({ alsoPublishes = [] }) => alsoPublishes.includes(recordName)) ?? manifests.find(({ service }) => service === context);
  return publisher?.service ?? null;
}

export function topologyTable(rows: readonly TopologyRow[]): string {
  return rows
    .map(({ recordName, version, publisher, consumers }) => {
      const lines = consumers.map(({ service, handler, range }) => `    ${service.padEnd(14)}${handler} (${range})`);
      return [`${recordName} ${version}  ${publisher === null ? 'published by no service yet' : `from ${publisher}`}`, ...(lines.length > 0 ? lines : ['    nobody'])].join('\n');
    })
    .join('\n');
}

/** One arrow a publisher and consuming service, with the events on it. */
export function topologyMermaid(rows: readonly TopologyRow[]): string {
  const arrows = new Map<string, Set<string>>();
  for (const { publisher, recordName, consumers } of rows) {
    if (publisher === null) continue;
    for (const { service } of consumers) {
      const arrow = `${publisher} --> ${service}`;
      arrows.set(arrow, (arrows.get(arrow) ?? new Set()).add(recordName.slice(recordName.lastIndexOf('.') + 1)));
    }
  }
  const lines = [...arrows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([arrow, events]) => `  ${arrow.replace('-->', `-->|"${[...events].join('<br/>')}"|`)}`);
  return ['flowchart LR', ...lines].join('\n');
}
