import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export interface SealingKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Credentials as they are kept. */
export interface Sealed {
  readonly keyId: string;
  /** Nonce, tag, ciphertext. */
  readonly bytes: Buffer;
}

/** What a service or file needs to be read on a person's behalf. Never logged, answered or published. */
export type Credentials = Readonly<Record<string, unknown>>;

/** The key that sealed them is not configured, or the bytes are not what was sealed. Says nothing of the content. */
export class CredentialsUnreadable extends Error {
  readonly code = 'credentials_unreadable';
  readonly retryable = false;

  constructor(keyId: string, options?: ErrorOptions) {
    super(`Credentials sealed with key ${keyId} cannot be read.`, options);
    this.name = 'CredentialsUnreadable';
  }
}

const algorithm = 'aes-256-gcm';
const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;

/** Reads `id:base64,id:base64`. Every fault is told; no fault holds a part of a key. */
export function parseKeys(text: string): { keys: SealingKey[]; faults: string[] } {
  const faults: string[] = [];
  const keys: SealingKey[] = [];
  text.split(',').forEach((part, index) => {
    const [id = '', base64 = ''] = part.trim().split(':', 2);
    const key = /^[A-Za-z0-9+/]{43}=$/.test(base64) ? Buffer.from(base64, 'base64') : Buffer.alloc(0);
    if (!/^[A-Za-z0-9._-]{1,32}$/.test(id)) faults.push(`key ${index + 1} has no id in front: write id:base64`);
    else if (keys.some((known) => known.id === id)) faults.push(`names the id ${id} twice`);
    else if (key.length !== keyLength) faults.push(`key ${id} is not the base64 of ${keyLength} bytes`);
    keys.push({ id, key });
  });
  return { keys, faults };
}

/** Seals credentials with AES-256-GCM, bound to whom and what they belong to: bytes moved to another row do not open. */
export class CredentialVault {
  private readonly current: SealingKey;
  private readonly byId: ReadonlyMap<string, Buffer>;

  /** The first key seals; at least one is needed. */
  constructor(keys: readonly SealingKey[]) {
    const [first] = keys;
    if (!first) throw new Error('There is no key to seal credentials with.');
    this.current = first;
    this.byId = new Map(keys.map(({ id, key }) => [id, key]));
  }

  seal(credentials: Credentials, owner: string): Sealed {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv(algorithm, this.current.key, nonce).setAAD(Buffer.from(owner));
    const text = Buffer.concat([cipher.update(JSON.stringify(credentials), 'utf8'), cipher.final()]);
    return { keyId: this.current.id, bytes: Buffer.concat([nonce, cipher.getAuthTag(), text]) };
  }

  /** @throws CredentialsUnreadable */
  open({ keyId, bytes }: Sealed, owner: string): Credentials {
    const key = this.byId.get(keyId);
    if (!key) throw new CredentialsUnreadable(keyId);
    try {
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceLength), { authTagLength: tagLength }).setAAD(Buffer.from(owner));
      decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
      const text = Buffer.concat([decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()]);
      return JSON.parse(text.toString('utf8')) as Credentials;
    } catch (cause) {
      throw new CredentialsUnreadable(keyId, { cause });
    }
  }

  /** Whether sealing again would take another key. */
  isOutdated(keyId: string): boolean {
    return keyId !== this.current.id;
  }
}

export const ownerOf = (integrationId: number, userId: number): string => `integration ${integrationId} of user ${userId}`;
