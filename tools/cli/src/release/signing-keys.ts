import { generateKeyPairSync } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** PEM files of the Ed25519 pair that access tokens are signed with; dashboard alone gets the private one. */
export interface SigningKeys {
  readonly privateKeyFile: string;
  readonly publicKeyFile: string;
}

/**
 * Makes the pair when there is none; one that exists is kept, so that tokens outlive a restart.
 * @returns whether it was made
 */
export async function ensureSigningKeys({ privateKeyFile, publicKeyFile }: SigningKeys): Promise<boolean> {
  if ((await exists(privateKeyFile)) && (await exists(publicKeyFile))) return false;
  const pair = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await mkdir(dirname(privateKeyFile), { recursive: true, mode: 0o700 });
  await mkdir(dirname(publicKeyFile), { recursive: true });
  await writeFile(publicKeyFile, pair.publicKey);
  // The private one last and by rename: once it is there, both are whole and belong together.
  await writeFile(`${privateKeyFile}.new`, pair.privateKey, { mode: 0o600 });
  await rename(`${privateKeyFile}.new`, privateKeyFile);
  return true;
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
