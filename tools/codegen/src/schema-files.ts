import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EventModule, type SchemaRecord } from './model.js';
import type { SchemaFault } from './policy/fault.js';
import { fileFaults } from './policy/file-faults.js';

const versionFile = /^\d+\.\d+\.\d+\.avsc$/;

/** What lies in the folders of schemas, readable or not. */
export interface SchemaFolder {
  /** One a major, names in order, versions oldest first; files that cannot be read are left out. */
  readonly events: readonly EventModule[];
  readonly faults: readonly SchemaFault[];
}

/** Whose schemas a folder `<EventName>/<semver>.avsc` holds, and where it lies under the root. */
export interface FolderOwner {
  readonly context: string;
  readonly visibility: 'public' | 'private';
  readonly folder: string;
}

type Owner = FolderOwner & { readonly name: string };

/** Every folder of schemas under the root: the public contracts, and the private events of the apps. */
export function schemaFolders(root: string): FolderOwner[] {
  const under = (folder: string): string[] => (existsSync(join(root, folder)) ? subfolders(join(root, folder)) : []);
  return [
    ...under('schemas').map((context) => ({ context, visibility: 'public' as const, folder: `schemas/${context}` })),
    ...under('apps').map((context) => ({ context, visibility: 'private' as const, folder: `apps/${context}/schemas` })),
  ].filter(({ folder }) => existsSync(join(root, folder)));
}

export function readSchemaFolder(root: string, owner: FolderOwner): SchemaFolder {
  const faults: SchemaFault[] = [];
  const events = subfolders(join(root, owner.folder)).flatMap((name) => eventsNamed(root, { ...owner, name }, faults));
  return { events, faults };
}

/** @throws Error that names everything that is wrong in every file. */
export function readEvents(root: string, owner: FolderOwner): readonly EventModule[] {
  const { events, faults } = readSchemaFolder(root, owner);
  if (faults.length > 0) throw new Error(`schemas that cannot be generated from:\n  ${faults.map(({ file, message }) => `${join(root, file)}: ${message}`).join('\n  ')}`);
  return events;
}

export const schemaPath = ({ folder }: FolderOwner, name: string, version: string): string => `${folder}/${name}/${version}.avsc`;

function eventsNamed(root: string, owner: Owner, faults: SchemaFault[]): EventModule[] {
  const majors = new Map<number, SchemaRecord[]>();
  const folder = `${owner.folder}/${owner.name}`;
  const files = readdirSync(join(root, folder));
  for (const file of files.filter((entry) => !versionFile.test(entry))) {
    faults.push({ file: `${folder}/${file}`, field: '', rule: 'file-name', message: 'a file is named <major>.<minor>.<patch>.avsc', todo: 'rename or remove it' });
  }
  for (const file of files.filter((entry) => versionFile.test(entry)).sort(byVersion)) {
    const major = Number.parseInt(file, 10);
    const schema = readSchema(root, `${folder}/${file}`, faults);
    if (!schema) continue;
    const expected = { namespace: namespaceOf(owner, major), name: owner.name, version: file.slice(0, -'.avsc'.length) };
    const found = fileFaults(schema, expected).map((fault) => ({ file: `${folder}/${file}`, ...fault }));
    faults.push(...found);
    if (Array.isArray(schema.fields)) majors.set(major, [...(majors.get(major) ?? []), { ...schema, version: expected.version }]);
  }
  const { name, context, visibility } = owner;
  return [...majors].map(([major, versions]) => ({ name, context, visibility, major, versions }));
}

function readSchema(root: string, file: string, faults: SchemaFault[]): SchemaRecord | undefined {
  try {
    return Object(JSON.parse(readFileSync(join(root, file), 'utf8'))) as SchemaRecord;
  } catch (error) {
    faults.push({ file, field: '', rule: 'avro', message: `it is no JSON: ${error instanceof Error ? error.message : String(error)}`, todo: 'correct the text' });
    return undefined;
  }
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
