import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { InvalidConfig } from './environment.js';
import { loadConfig, serviceEnvironment } from './service-config.js';

const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
const ed25519 = generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding });
const ofAnotherKind = generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding });

const environment = {
  DATABASE_URL: 'postgres://db/quests',
  KAFKA_BROKERS: 'localhost:9092',
  SCHEMA_REGISTRY_URL: 'http://localhost:8081',
  JWT_PUBLIC_KEY: ed25519.publicKey,
};

function namesOfFaults(more: Record<string, string>): string[] {
  try {
    loadConfig({}, { ...environment, ...more });
    return [];
  } catch (error) {
    return (error as InvalidConfig).faults.map(({ name }) => name);
  }
}

describe("a service's environment", () => {
  it('takes a whole SASL login, or none', () => {
    expect(namesOfFaults({})).toEqual([]);
    expect(namesOfFaults({ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' })).toEqual([]);
  });

  it('names what half a SASL login lacks, beside other faults', () => {
    expect(namesOfFaults({ KAFKA_SASL_MECHANISM: 'plain' })).toEqual(['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD']);
    expect(namesOfFaults({ KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p', CLOCK_MOVABLE: 'true', NODE_ENV: 'production' })).toEqual(['CLOCK_MOVABLE', 'KAFKA_SASL_MECHANISM']);
  });

  it('names faults between variables together with those of single ones', () => {
    expect(namesOfFaults({ PORT: 'x', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p', CLOCK_MOVABLE: 'true', NODE_ENV: 'production' })).toEqual(['PORT', 'CLOCK_MOVABLE', 'KAFKA_SASL_MECHANISM']);
  });

  it.each([
    ['no key', 'PEM'],
    ['a private key', ed25519.privateKey],
    ['a key of another kind', ofAnotherKind.publicKey],
    ['a key that was cut', ed25519.publicKey.slice(0, 60)],
  ])('takes %s for no public key', (_what, JWT_PUBLIC_KEY) => {
    expect(namesOfFaults({ JWT_PUBLIC_KEY })).toEqual(['JWT_PUBLIC_KEY']);
  });

  it('is described whole, with its defaults, in docs/deploy-one-service.md', () => {
    const rows = Object.entries(serviceEnvironment.shape).map(([name, field]) => `| \`${name}\` | ${field.meta()?.description} | ${defaultOf(field)} |`);
    const page = readFileSync(new URL('../../../../docs/deploy-one-service.md', import.meta.url), 'utf8');
    expect(page.split('\n').filter((line) => /^\| `[A-Z_]+`/.test(line))).toEqual(rows);
  });
});

function defaultOf(field: { safeParse(value: unknown): { success: boolean; data?: unknown } }): string {
  const { success, data } = field.safeParse(undefined);
  if (!success) return 'required';
  return data === undefined ? 'none' : `\`${String(data)}\``;
}
