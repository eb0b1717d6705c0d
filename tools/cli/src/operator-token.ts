import { createPrivateKey, sign } from 'node:crypto';

type Environment = Readonly<Record<string, string | undefined>>;

const tokenMinutes = 5;

/** An access token of an operator. For local use alone: whoever can read the private key may be an operator anyway. */
export function operatorToken(privateKeyPem: string, env: Environment = process.env): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { role: 'operator', iss: env['JWT_ISSUER'] ?? 'lifeos', aud: env['JWT_AUDIENCE'] ?? 'lifeos', sub: '1', iat: now, exp: now + 60 * tokenMinutes };
  const content = [{ alg: 'EdDSA' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${content}.${sign(null, Buffer.from(content), createPrivateKey(privateKeyPem)).toString('base64url')}`;
}
