import { randomBytes } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes the key that integrations seals credentials with, as INTEGRATIONS_CREDENTIALS_KEYS takes it, when
 * there is none; one that exists is kept, since nothing else opens what it sealed.
 * @returns whether it was made
 */
export async function ensureCredentialsKey(file: string): Promise<boolean> {
  if (await access(file).then(() => true, () => false)) return false;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // By rename: once it is there, it is whole.
  await writeFile(`${file}.new`, `first:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return true;
}
