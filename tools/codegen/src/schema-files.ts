import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFaults } from './schema-faults.js';
import type { EventModule, SchemaRecord } from './model.js';

const versionFile = /^(\d+)\.(\d+)\.(\d+)\.avsc$/;

/**
 * The events under a folder `<EventName>/<semver>.avsc`, one a major, names in order, versions oldest first.
 * @throws Error that names everything that is wrong in every file.
 */
export function readEvents(folder: string, context: string, visibility: 'public' | 'private'): EventModule[] {
  const faults: string[] = [];
  const events = subfolders(folder).flatMap((name) => eventsNamed(folder, { name, context, visibility }, faults));
  if (faults.length > 0) throw new Error(`schemas that cannot be generated from:\n  ${faults.join('\n  ')}`);
  return events;
}

type Owner = Pick<EventModule, 'name' | 'context' | 'visibility'>;

function eventsNamed(folder: string, owner: Owner, faults: string[]): EventModule[] {
  const majors = new Map<number, SchemaRecord[]>();
  for (const file of readdirSync(join(folder, owner.name)).filter((entry) => entry.endsWith('.avsc')).sort(byVersion)) {
    const path = join(folder, owner.name, file);
    const [, major] = versionFile.exec(file) ?? [];
    if (major === undefined) {
      faults.push(`${path}: a file is named <major>.<minor>.<patch>.avsc`);
      continue;
    }
    const schema = JSON.parse(readFileSync(path, 'utf8')) as SchemaRecord;
    const expected = { namespace: namespaceOf(owner, Number(major)), name: owner.name, version: file.slice(0, -'.avsc'.length) };
    faults.push(...schemaFaults(schema, expected).map((fault) => `${path}: ${fault}`));
    majors.set(Number(major), [...(majors.get(Number(major)) ?? []), schema]);
  }
  return [...majors].map(([major, versions]) => ({ ...owner, major, versions }));
}

const namespaceOf = ({ context, visibility }: Owner, major: number): string =>
  visibility === 'private' ? `lifeos.${context}.private.v${major}` : `lifeos.${context}.v${major}`;

/** Part by part as numbers: 1.10.0 comes after 1.9.0. */
function byVersion(left: string, right: string): number {
  const [a, b] = [left, right].map((file) => file.split('.').map(Number));
  return [0, 1, 2].map((part) => (a?.[part] ?? 0) - (b?.[part] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

export function subfolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
