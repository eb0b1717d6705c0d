import type { AnyEventType } from '@lifeos/contracts';
import { publishSchemas } from '@lifeos/schema-registry';

/** Runs the release step for one event type and returns the registry's id of a version, by default the newest. */
export async function registerSchema(registryUrl: string, type: AnyEventType, version = type.version): Promise<number> {
  const { schemas } = await publishSchemas({ registryUrl, eventTypes: [type] });
  const id = schemas.find((schema) => schema.version === version)?.id;
  if (id === undefined || id === null) throw new Error(`The registry has no id for ${type.recordName} ${version}.`);
  return id;
}
