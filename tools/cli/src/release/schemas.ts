import { allRecordTypes } from '@lifeos/contracts';
import { publishSchemas } from '@lifeos/schema-registry';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Registers every released schema that is missing; doing it again changes nothing.
 * @returns what was registered, as `lifeos.quests.v1.QuestCompleted 1.0.0`
 * @throws IncompatibleSchema, RegistryUnreachable
 */
export async function publishLifeosSchemas(registryUrl: string, env: Environment = process.env): Promise<readonly string[]> {
  const { schemas } = await publishSchemas({ registryUrl: withCredentials(registryUrl, env), eventTypes: allRecordTypes });
  return schemas.flatMap(({ subject, version, outcome }) => (outcome === 'registered' ? [`${subject} ${version}`] : []));
}

/** SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO is `user:password`, as services read it. */
export function withCredentials(registryUrl: string, env: Environment): string {
  const [user, ...password] = (env['SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO'] ?? '').split(':');
  if (!user) return registryUrl;
  const url = new URL(registryUrl);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password.join(':'));
  return url.href;
}
