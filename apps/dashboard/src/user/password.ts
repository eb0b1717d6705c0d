import { hash, verify } from '@node-rs/argon2';

/** D-1: argon2id with the library's parameters (19 MiB, 2 passes), which the hash itself states. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

let decoy: Promise<string> | null = null;

/** An unknown name takes as long as a wrong password, so that nobody learns who is registered. */
export async function passwordFits(password: string, storedHash: string | null): Promise<boolean> {
  const fits = await verify(storedHash ?? (await (decoy ??= hash('nobody has this password'))), password);
  return fits && storedHash !== null;
}
