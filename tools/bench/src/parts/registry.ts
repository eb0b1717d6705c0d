import type { AnyEventType } from '@lifeos/contracts';

/** Registers a released version under its record name and returns the registry's id. */
export async function registerSchema(registryUrl: string, type: AnyEventType, version = type.version): Promise<number> {
  const schema = type.schemas.get(version);
  if (schema === undefined) throw new Error(`${type.name} has no version ${version}.`);
  const response = await fetch(`${registryUrl}/subjects/${type.recordName}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: JSON.stringify(schema) }),
  });
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('id' in answer)) {
    throw new Error(`The registry refused ${type.recordName} ${version}: ${JSON.stringify(answer)}`);
  }
  return Number(answer.id);
}
