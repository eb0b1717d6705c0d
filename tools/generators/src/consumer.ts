import { consumerTexts } from './consumer-texts.js';
import { kebab, pascal, typeName } from './names.js';
import { findEvent } from './schemas.js';
import { create, edit, jsonText, type Workspace } from './workspace.js';

export interface ConsumerOptions {
  /** `note-pause` */
  readonly does: string;
  readonly event: string;
  readonly service: string;
}

interface Manifest {
  readonly handlers: readonly { readonly handler: string }[];
}

/** A handler that stores what it hears in a table of its own, wired, with its test and its place in the manifest. */
export function consumerGenerator(workspace: Workspace, { does, event, service }: ConsumerOptions): void {
  const { newest, major } = findEvent(workspace, event);
  const app = `apps/${service}`;
  if (!workspace.exists(`${app}/src/${service}.module.ts`)) throw new Error(`There is no service ${service}`);
  const handler = `${does}-when-${kebab(event)}`;
  const texts = consumerTexts({ does, handler, className: pascal(handler), type: typeName(event, major), major, service });
  create(workspace, `${app}/src/reactions/${handler}.ts`, texts.reaction);
  create(workspace, `${app}/src/reactions/${handler}.int.spec.ts`, texts.test);
  create(workspace, `${app}/migrations/${nextNumber(workspace, `${app}/migrations`)}_${does.replaceAll('-', '_')}.sql`, texts.migration);
  edit(workspace, `${app}/src/${service}.module.ts`, (text) => wired(text, handler));
  workspace.write(`${app}/package.json`, withTestParts(workspace.read(`${app}/package.json`, 'utf8') ?? '{}'));
  edit(workspace, `${app}/consumers.json`, (text) => {
    const manifest = JSON.parse(text) as Manifest;
    const entry = { handler, range: `^${major}.0.0`, from: 'beginning', reads: { [`${newest.namespace}.${newest.name}`]: newest.version } };
    return jsonText({ ...manifest, handlers: [...manifest.handlers, entry].sort((a, b) => (a.handler < b.handler ? -1 : 1)) });
  });
}

function nextNumber(workspace: Workspace, folder: string): string {
  const last = Math.max(0, ...workspace.children(folder).map((file) => Number.parseInt(file, 10) || 0));
  return String(last + 1).padStart(4, '0');
}

/** The one visible list in the module gets one more line. */
function wired(text: string, handler: string): string {
  const name = pascal(handler);
  const imported = text.replace(/((?:^import .*\n)+)/m, (imports) => `${imports}import { ${name} } from './reactions/${handler}.js';\n`);
  return imported.replace(/const reactions(: Type\[\])? = \[([\s\S]*?)\];/, (_all, type: string | undefined, list: string) => {
    const names = [...list.split(',').map((one) => one.trim()).filter(Boolean), name];
    return `const reactions${type ?? ''} = [\n${names.map((one) => `  ${one},\n`).join('')}];`;
  });
}

/** The generated test makes its events from the schema. */
function withTestParts(text: string): string {
  const manifest = JSON.parse(text) as { devDependencies?: Record<string, string> };
  return jsonText({ ...manifest, devDependencies: { ...manifest.devDependencies, '@lifeos/app-testing': '0.1.0', 'fast-check': '4.10.2' } });
}
