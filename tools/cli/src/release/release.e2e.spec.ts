import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '@lifeos/testing';
import { kafkaConfig } from './kafka-config.js';
import { migrateService } from './migrate.js';
import { publishLifeosSchemas } from './schemas.js';
import { services } from './services.js';
import { ensureCredentialsKey } from './credentials-key.js';
import { ensureSigningKeys } from './signing-keys.js';
import { createLifeosTopics } from './topics.js';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? '';

describe('the release step', () => {
  it('creates every topic once', async () => {
    await createLifeosTopics(kafkaConfig(brokers));
    expect(await createLifeosTopics(kafkaConfig(brokers))).toEqual([]);
  }, 300_000);

  it('registers every schema once', async () => {
    await publishLifeosSchemas(registryUrl);
    expect(await publishLifeosSchemas(registryUrl)).toEqual([]);
  }, 300_000);

  it.each(services)('migrates %s once', async (service) => {
    const { url, drop } = await createTestDatabase();
    expect((await migrateService({ service, url })).length).toBeGreaterThan(1);
    expect(await migrateService({ service, url })).toEqual([]);
    await drop();
  }, 300_000);

  it('makes signing keys once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keys-'));
    const keys = { privateKeyFile: join(folder, 'private', 'jwt.pem'), publicKeyFile: join(folder, 'public', 'jwt.pem') };
    expect(await ensureSigningKeys(keys)).toBe(true);
    const made = await readFile(keys.privateKeyFile, 'utf8');
    expect(await ensureSigningKeys(keys)).toBe(false);
    expect(await readFile(keys.privateKeyFile, 'utf8')).toBe(made);
    await rm(folder, { recursive: true });
  });

  it('makes the key of credentials once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keys-'));
    const file = join(folder, 'private', 'credentials.key');
    expect(await ensureCredentialsKey(file)).toBe(true);
    const made = await readFile(file, 'utf8');
    expect(made).toMatch(/^first:[A-Za-z0-9+/]{43}=\n$/);
    expect(await ensureCredentialsKey(file)).toBe(false);
    expect(await readFile(file, 'utf8')).toBe(made);
    await rm(folder, { recursive: true });
  });
});
