import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** Whole milliseconds (or another count) within bounds, read from text. */
export function wholeNumber(min: number, max: number, initial: number, description: string) {
  return z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(min, `is below ${min}`)
    .max(max, `is above ${max}`)
    .default(initial)
    .meta({ description, example: initial });
}

/** `true` or `false`, read from text. */
export function flag(initial: boolean, description: string) {
  return z
    .enum(['true', 'false'], { error: 'is neither true nor false' })
    .default(initial ? 'true' : 'false')
    .transform((text) => text === 'true')
    .meta({ description, example: String(initial) });
}

/** A text that must be given. */
export function required(description: string, example: string) {
  return z.string().min(1).meta({ description, example });
}

/** A URL of one of the given schemes that must be given. */
export function url(schemes: readonly string[], description: string, example: string) {
  const fits = (text: string): boolean => schemes.some((scheme) => text.startsWith(`${scheme}://`)) && URL.canParse(text);
  return z.string().refine(fits, `is not a URL with ${schemes.join(' or ')}`).meta({ description, example });
}

/** A key as PEM that must be given: public (SPKI) or private (PKCS #8). The one is not taken for the other. */
export function ed25519Key(kind: 'public' | 'private', description: string) {
  const [label, read] = kind === 'public' ? (['PUBLIC KEY', createPublicKey] as const) : (['PRIVATE KEY', createPrivateKey] as const);
  const fits = (pem: string): boolean => pem.includes(`-----BEGIN ${label}-----`) && isEd25519(() => read(pem));
  return z.string().refine(fits, `is no PEM of ${kind === 'public' ? 'a public' : 'a private'} Ed25519 key`).meta({ description, example: `-----BEGIN ${label}-----…` });
}

function isEd25519(read: () => KeyObject): boolean {
  try {
    return read().asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
