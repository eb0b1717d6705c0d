import { errors, importPKCS8, importSPKI, jwtVerify, SignJWT } from 'jose';
import type { Principal, Role } from './principal.js';
import { RememberedTokens } from './remembered-tokens.js';

const algorithm = 'EdDSA';
const clockSkewSeconds = 30;

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
}

/** A token that is missing, malformed, expired, of a foreign issuer or not signed by our key. */
export class InvalidToken extends Error {
  readonly code = 'invalid_token';
  readonly retryable = false;

  constructor(reason: string) {
    super(`The access token is not accepted: ${reason}. Log in again.`);
    this.name = 'InvalidToken';
  }
}

export interface TokenVerifier {
  /** @throws InvalidToken */
  verify(token: string): Promise<Principal>;
}

/** @throws TypeError when the PEM is not an Ed25519 public key. */
export async function createTokenVerifier(publicKeyPem: string, rules: TokenRules): Promise<TokenVerifier> {
  const key = await importSPKI(publicKeyPem, algorithm);
  const options = { ...rules, algorithms: [algorithm], clockTolerance: clockSkewSeconds, requiredClaims: ['sub', 'exp'] };
  const remembered = new RememberedTokens();
  return {
    async verify(token) {
      const known = remembered.principalOf(token);
      if (known) return known;
      try {
        const { payload } = await jwtVerify(token, key, options);
        const principal = principalOf(payload.sub, payload['role']);
        remembered.remember(token, { principal, acceptedUntil: ((payload.exp ?? 0) + clockSkewSeconds) * 1_000 });
        return principal;
      } catch (error) {
        throw error instanceof errors.JOSEError ? new InvalidToken(error.code) : error;
      }
    },
  };
}

export interface TokenSigner {
  /** A token of `lifetimeSeconds` from `now`. */
  sign(principal: Principal, now: Date, lifetimeSeconds: number): Promise<string>;
}

/** Only dashboard has the private key. @throws TypeError when the PEM is not an Ed25519 private key. */
export async function createTokenSigner(privateKeyPem: string, rules: TokenRules): Promise<TokenSigner> {
  const key = await importPKCS8(privateKeyPem, algorithm);
  return {
    async sign(principal, now, lifetimeSeconds) {
      const issuedAt = Math.floor(now.getTime() / 1000);
      return new SignJWT({ role: principal.role })
        .setProtectedHeader({ alg: algorithm })
        .setIssuer(rules.issuer)
        .setAudience(rules.audience)
        .setSubject(String(principal.userId))
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(key);
    },
  };
}

function principalOf(subject: string | undefined, role: unknown): Principal {
  const userId = Number(subject);
  if (!Number.isSafeInteger(userId) || userId < 1) throw new InvalidToken('its subject is no user id');
  if (!isRole(role)) throw new InvalidToken('its role is neither user nor operator');
  return { userId, role };
}

function isRole(role: unknown): role is Role {
  return role === 'user' || role === 'operator';
}
