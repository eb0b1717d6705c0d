import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { type AnyEventType, defineEvent } from '@lifeos/contracts';
import { workedMajors } from '@lifeos/contracts/testing';
import { RegistryClient } from '@lifeos/schema-registry';
import type { ConsumerManifest } from '../topology/manifest.js';
import type { CheckedVersion } from '@lifeos/codegen';
import { registryFaults } from './check-schemas.js';
import { MajorBreaksConsumers, publishRelease } from './publish-release.js';

const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? '';
const own = `t${randomBytes(6).toString('hex')}`;
const client = new RegistryClient({ url: registryUrl });

/** The worked event under subjects that no other run has. */
const [v1, v2] = workedMajors.types.map((type: AnyEventType) => {
  const schemas = [...type.schemas.values()].map((schema) => ({ ...schema, namespace: schema.namespace.replace('lifeos', own) }));
  return defineEvent<object, object>({ name: type.name, context: type.context, major: type.major, topic: type.topic, schemas });
}) as [AnyEventType, AnyEventType];

const consumer = (reads: Record<string, string>): ConsumerManifest => ({ service: 'stats', group: 'stats', handlers: [{ handler: 'note-sleep', range: '>=1.0.0', from: 'beginning', reads }] });
const old = [consumer({ [v1.recordName]: v1.version })];
const upgraded = [consumer({ [v2.recordName]: v2.version })];
const publish = (more: Partial<Parameters<typeof publishRelease>[0]> = {}) =>
  publishRelease({ registryUrl, manifests: old, dryRun: false, allowParking: false, types: [v1], leads: () => true, ...more });
const names = [`${v1.recordName} 1.0.0`, `${v1.recordName} 1.1.0`];

describe('npx lifeos schemas publish', () => {
  it('says in a dry run what it would do, does it once, and then has nothing to do', async () => {
    expect((await publish({ dryRun: true })).registered).toEqual(names);
    expect((await publish()).registered).toEqual(names);
    expect((await publish()).registered).toEqual([]);
    expect(await client.compatibilityOf(v1.recordName)).toBe('FULL_TRANSITIVE');
  });

  it('refuses a major that a service would park, and leaves the registry as it was', async () => {
    const refused = publish({ types: [v1, v2] });
    await expect(refused).rejects.toBeInstanceOf(MajorBreaksConsumers);
    await expect(refused).rejects.toThrow('stats parks it (note-sleep)');
    expect(await client.compatibilityOf(v2.recordName)).toBeNull();
  });

  it('publishes it when every service takes it, or when parking was allowed', async () => {
    expect((await publish({ types: [v1, v2], manifests: upgraded, dryRun: true })).breaking).toEqual([]);
    const { registered, breaking } = await publish({ types: [v1, v2], allowParking: true });
    expect(registered).toEqual([`${v2.recordName} 2.0.0`]);
    expect(breaking).toMatchObject([{ service: 'stats', reaction: 'parks' }]);
    expect((await publish({ types: [v1, v2] })).registered).toEqual([]);
  });
});

describe('npx lifeos schemas check --registry', () => {
  it('tells of a version that the registry would refuse, and not of one that it has', async () => {
    await publish();
    const schema = JSON.parse(JSON.stringify(v1.schemas.get('1.1.0'))) as CheckedVersion['schema'];
    const broken = { ...schema, version: '1.2.0', fields: schema.fields.map((field) => (field.name === 'minutes' ? { ...field, type: 'string' } : field)) };
    const faults = await registryFaults(client, [schema, broken].map((one) => ({ file: `schemas/health/SleepLogged/${one.version}.avsc`, schema: one, earlier: [] })));
    expect(faults).toMatchObject([{ file: 'schemas/health/SleepLogged/1.2.0.avsc', rule: 'registry' }]);
  });
});
