import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ConsumerManifest, type Declared, expanded, type ManifestFile, manifestOf, manifestText } from './manifest.js';

const fileName = 'consumers.json';

/** The committed manifests of all services, by service. */
export function readManifests(root: string): ConsumerManifest[] {
  return appsOf(root)
    .map((app) => join(root, 'apps', app, fileName))
    .filter((path) => existsSync(path))
    .map((path) => expanded(JSON.parse(readFileSync(path, 'utf8')) as ManifestFile));
}

/**
 * Brings the manifests in line with the decorators of the built services; with `check` it only tells.
 * @returns files that differ, or differed
 */
export async function generateManifests(root: string, { check }: { readonly check: boolean }): Promise<string[]> {
  const differing: string[] = [];
  for (const app of appsOf(root)) {
    const text = manifestText(manifestOf(app, await declaredIn(root, app)));
    const path = join(root, 'apps', app, fileName);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    differing.push(`apps/${app}/${fileName}`);
    if (!check) writeFileSync(path, text);
  }
  return differing;
}

/**
 * Every service, also where only what was built of it lies, as in the release image.
 * @throws when there is none: who asks for the consumers must not hear that nobody consumes.
 */
export function appsOf(root: string): string[] {
  const apps = readdirSync(join(root, 'apps')).filter((app) => existsSync(join(root, 'apps', app, 'package.json'))).sort();
  if (apps.length === 0) throw new Error(`${join(root, 'apps')} holds no service.`);
  return apps;
}

/** Services are no dependency of this tool: it looks at what was built of them. */
async function declaredIn(root: string, app: string): Promise<Declared> {
  const path = join(root, 'apps', app, 'dist', `${app}.module.js`);
  if (!existsSync(path)) throw new Error(`${path} does not exist; build first: npm run build`);
  const exports = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  return definitionIn(exports, app);
}

/** The export that defines the service. */
export function definitionIn(exports: Readonly<Record<string, unknown>>, app: string): Declared {
  const found = Object.values(exports).find((value): value is Declared & { name: string } => typeof value === 'object' && value !== null && 'module' in value && 'name' in value && value.name === app);
  if (!found) throw new Error(`apps/${app}/src/${app}.module.ts exports no definition of the service ${app}`);
  return found;
}
