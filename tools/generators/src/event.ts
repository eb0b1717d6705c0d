import { generate } from '@lifeos/codegen/generate';
import { fieldOf } from './schemas.js';
import { create, jsonText, type Workspace } from './workspace.js';

export interface EventOptions {
  readonly name: string;
  readonly context: string;
  readonly doc: string;
  /** `quest_id:long,title:string` */
  readonly fields?: string;
}

/** A new event at 1.0.0 and, once the file is written, its code. */
export function eventGenerator(workspace: Workspace, { name, context, doc, fields = '' }: EventOptions): () => void {
  const stated = fields.split(',').filter(Boolean).map(fieldOf);
  const schema = {
    type: 'record',
    namespace: `lifeos.${context}.v1`,
    name,
    doc,
    version: '1.0.0',
    fields: [
      { name: 'user_id', type: 'long', doc: 'The person it happened to; a pseudonym, unique in the whole system.', min: 1 },
      ...stated.map((field) => ({ ...field, doc: `${field.name.replaceAll('_', ' ')}.` })),
    ],
  };
  create(workspace, `schemas/${context}/${name}/1.0.0.avsc`, jsonText(schema));
  return () => generateCode(workspace.root);
}

/** @throws Error with every fault of the schemas. */
export function generateCode(root: string): void {
  const { faults } = generate(root, { check: false });
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
