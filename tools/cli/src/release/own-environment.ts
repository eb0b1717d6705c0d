import type { ServiceName } from './services.js';
import type { SigningKeys } from './signing-keys.js';

/** Files with secrets that a release step makes; each service is given its own alone. */
export interface SecretFiles extends SigningKeys {
  readonly credentialsKeyFile: string;
}

/** What single services need beside the variables of all, where they run for trials on one machine. */
export function ownEnvironment(name: ServiceName, { privateKeyFile, credentialsKeyFile }: SecretFiles): Readonly<Record<string, string>> {
  if (name === 'dashboard') return { JWT_PRIVATE_KEY_FILE: privateKeyFile };
  if (name === 'integrations') return { INTEGRATIONS_CREDENTIALS_KEYS_FILE: credentialsKeyFile, FAKE_SOURCE: 'true' };
  return {};
}

/**
 * Node's flags for a service, the same in containers (Dockerfile). Young objects get 8 MB instead of 16: an idle service then
 * stays under 150 MB, and eight of them on one machine are felt.
 */
export const serviceFlags: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=8'];
