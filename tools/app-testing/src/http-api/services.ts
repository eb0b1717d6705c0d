import { readdirSync } from 'node:fs';
import type { ServiceDefinition } from '@lifeos/service';

const apps = new URL('../../../../apps/', import.meta.url);

/** Every service of the workspace, so that none is forgotten. */
export const serviceNames: readonly string[] = readdirSync(apps, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** From its source, as tests run it. */
export async function definitionOf(name: string): Promise<ServiceDefinition> {
  const module = (await import(new URL(`${name}/src/${name}.module.ts`, apps).href)) as Record<string, ServiceDefinition | undefined>;
  const definition = module[name];
  if (!definition) throw new Error(`apps/${name}/src/${name}.module.ts exports no service definition named ${name}.`);
  return definition;
}
