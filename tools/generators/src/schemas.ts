import { type Workspace } from './workspace.js';

export interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly doc: string;
  readonly default?: unknown;
  readonly deprecated?: boolean;
}

export interface Schema {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly fields: readonly Field[];
  readonly [attribute: string]: unknown;
}

export interface FoundEvent {
  readonly context: string;
  readonly newest: Schema;
  readonly major: number;
}

const types = ['string', 'int', 'long', 'double', 'boolean'];

/** The newest version of an event, whatever context publishes it. */
export function findEvent(workspace: Workspace, name: string): FoundEvent {
  const context = workspace.children('schemas').find((one) => workspace.exists(`schemas/${one}/${name}`));
  if (context === undefined) throw new Error(`There is no event ${name} under schemas/`);
  const versions = workspace.children(`schemas/${context}/${name}`).filter((file) => /^\d+\.\d+\.\d+\.avsc$/.test(file)).map(partsOf);
  const [major = 0, minor = 0, patch = 0] = versions.sort((a, b) => partwise(b, a))[0] ?? [];
  const text = workspace.read(`schemas/${context}/${name}/${major}.${minor}.${patch}.avsc`, 'utf8');
  if (text === null) throw new Error(`schemas/${context}/${name} holds no version`);
  return { context, newest: JSON.parse(text) as Schema, major };
}

/** `note:string` */
export function fieldOf(text: string): { name: string; type: string } {
  const [, name = '', type = ''] = /^([a-z][a-z0-9_]*):(\w+)$/.exec(text.trim()) ?? [];
  if (!types.includes(type)) throw new Error(`"${text}" is no field: write name:type with a type of ${types.join(', ')}`);
  return { name, type };
}

/** `note:string=` with the default behind the sign. */
export function fieldWithDefault(text: string): { name: string; type: string; default: unknown } {
  const at = text.indexOf('=');
  if (at < 0) throw new Error(`"${text}" has no default: write name:type=default (VR-3)`);
  const field = fieldOf(text.slice(0, at));
  const value = text.slice(at + 1);
  return { ...field, default: field.type === 'string' ? value : (JSON.parse(value) as unknown) };
}

export function partsOf(version: string): number[] {
  return version.replace('.avsc', '').split('.').map(Number);
}

const partwise = (a: number[], b: number[]): number => a.map((part, index) => part - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
