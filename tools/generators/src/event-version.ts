import { generateCode } from './event.js';
import { kebab, typeName } from './names.js';
import { fieldWithDefault, findEvent, type FoundEvent, partsOf, type Schema } from './schemas.js';
import { create, edit, jsonText, type Workspace } from './workspace.js';

export interface EventVersionOptions {
  readonly event: string;
  readonly kind: 'minor' | 'major';
  /** For a minor: `note:string=` */
  readonly field?: string;
  /** For a minor: what the field means. */
  readonly doc?: string;
}

/** The next version of an event and, once the files are written, its code. */
export function eventVersionGenerator(workspace: Workspace, options: EventVersionOptions): () => void {
  const found = findEvent(workspace, options.event);
  const next = options.kind === 'minor' ? minorOf(found.newest, options) : majorOf(found);
  create(workspace, `schemas/${found.context}/${options.event}/${next.version}.avsc`, jsonText(next));
  if (options.kind === 'minor') readers(workspace, `${next.namespace}.${next.name}`, next.version);
  else create(workspace, upcasterPath(found, options.event), upcasterText(found, options.event, next));
  return () => generateCode(workspace.root);
}

/** Whoever reads the event is compiled with its newest minor from now on. */
function readers(workspace: Workspace, recordName: string, version: string): void {
  for (const path of workspace.children('apps').map((app) => `apps/${app}/consumers.json`)) {
    const pattern = new RegExp(`("${recordName.replaceAll('.', '\\.')}": ")[^"]+`, 'g');
    if (pattern.test(workspace.read(path, 'utf8') ?? '')) edit(workspace, path, (text) => text.replace(pattern, (_all, before: string) => before + version));
  }
}

function minorOf(newest: Schema, { field, doc }: EventVersionOptions): Schema {
  if (field === undefined || doc === undefined) throw new Error('A minor adds a field: say --field name:type=default and --doc');
  const added = { ...fieldWithDefault(field), doc };
  if (newest.fields.some(({ name }) => name === added.name)) throw new Error(`${newest.name} has a field ${added.name} already`);
  const [major = 1, minor = 0] = partsOf(newest.version);
  return { ...newest, version: `${major}.${minor + 1}.0`, fields: [...newest.fields, added] };
}

/** VR-4: only what is marked deprecated goes. */
function majorOf({ newest, major }: FoundEvent): Schema {
  const namespace = newest.namespace.replace(/\.v\d+$/, `.v${major + 1}`);
  return { ...newest, namespace, version: `${major + 1}.0.0`, fields: newest.fields.filter(({ deprecated }) => !deprecated) };
}

const upcasterPath = ({ context, major }: FoundEvent, event: string): string => `libs/contracts/src/upcasters/${context}/${kebab(typeName(event, major + 1))}.ts`;

function upcasterText({ context, major }: FoundEvent, event: string, next: Schema): string {
  const [from, to] = [typeName(event, major), typeName(event, major + 1)];
  const names = next.fields.map(({ name }) => name).join(', ');
  return `import type { ${from}Payload } from '../../generated/${context}/${kebab(from)}.js';
import type { ${to}Payload } from '../../generated/${context}/${kebab(to)}.js';

/** Pure: it asks no clock and no store, so that the same event reads the same in ten years. */
export const upcastTo${to} = ({ ${names} }: ${from}Payload): ${to}Payload => ({ ${names} });
`;
}
