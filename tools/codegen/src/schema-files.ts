import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFaults } from './schema-faults.js';
import type { EventModule, SchemaRecord } from './model.js';

const versionFile = /^\d+\.\d+\.\d+\.avsc$/;

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
  const files = readdirSync(join(folder, owner.name));
  const strange = files.filter((file) => !versionFile.test(file));
  faults.push(...strange.map((file) => `${join(folder, owner.name, file)}: a file is named <major>.<minor>.<patch>.avsc`));
  for (const file of files.filter((entry) => versionFile.test(entry)).sort(byVersion)) {
    const path = join(folder, owner.name, file);
    const major = Number.parseInt(file, 10);
    const schema = JSON.parse(readFileSync(path, 'utf8')) as SchemaRecord;
    const expected = { namespace: namespaceOf(owner, major), name: owner.name, version: file.slice(0, -'.avsc'.length) };
    faults.push(...schemaFaults(schema, expected).map((fault) => `${path}: ${fault}`));
    majors.set(major, [...(majors.get(major) ?? []), schema]);
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
