import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { allRecordTypes, type AnyEventType, type AvroRecordSchema, compileSchema, defineEvent, QuestCreated } from '@lifeos/contracts';
import { payloadArbitrary } from '@lifeos/contracts/testing';
import { IncompatibleSchema, RegistryUnreachable, UnknownSchemaId } from '@lifeos/events';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { frame, openSchemaRegistry, publishSchemas, RegistryClient, unframe } from './index.js';
import { openRegistrar } from './schema-registrar.js';

/** The registry shares the machine with every other test. */
jest.setTimeout(120_000);

const registryUrl = process.env.SCHEMA_REGISTRY_URL ?? '';
const own = `t${randomBytes(6).toString('hex')}`;

/** The type under a subject that no other test run has. */
function renamed(type: AnyEventType, change: (schema: AvroRecordSchema) => object = () => ({})): AnyEventType {
  const schemas = [...type.schemas.values()].map((schema) => ({ ...schema, namespace: schema.namespace.replace('lifeos', own), ...change(schema) }));
  return defineEvent<object, object>({ name: type.name, context: type.context, major: type.major, topic: type.topic, schemas });
}
const types = allRecordTypes.map((type) => renamed(type));
const versions = types.flatMap((type) => [...type.schemas.keys()].map((version) => ({ type, version })));

describe('the release step', () => {
  it('reports in a dry run, registers every version of every type, and changes nothing the second time', async () => {
    const dry = await publishSchemas({ registryUrl, eventTypes: types, dryRun: true });
    expect(dry.schemas.filter(({ outcome, id }) => outcome === 'registered' && id === null)).toHaveLength(versions.length);
    const first = await publishSchemas({ registryUrl, eventTypes: types });
    expect(first.schemas.map(({ subject, version, outcome }) => `${subject} ${version} ${outcome}`)).toEqual(versions.map(({ type, version }) => `${type.recordName} ${version} registered`));
    const again = await publishSchemas({ registryUrl, eventTypes: types });
    expect(again).toEqual({ schemas: first.schemas.map((schema) => ({ ...schema, outcome: 'present' })), compatibilitySet: [] });
    const client = new RegistryClient({ url: registryUrl });
    expect(new Set(await Promise.all(types.map((type) => client.compatibilityOf(type.recordName))))).toEqual(new Set(['FULL_TRANSITIVE']));
  });

  it('gives versions that differ in custom attributes alone ids of their own', async () => {
    const relaxed = renamed(QuestCreated, (schema) => ({ name: 'Relaxed', fields: schema.version === '1.0.0' ? schema.fields : relax(schema) }));
    const { schemas } = await publishSchemas({ registryUrl, eventTypes: [relaxed] });
    const { ids } = openSchemaRegistry({ url: registryUrl }, [relaxed]);
    expect(new Set(schemas.map(({ id }) => id)).size).toBe(2);
    expect(await Promise.all(schemas.map(({ subject, version }) => ids.idFor(subject, version)))).toEqual(schemas.map(({ id }) => id));
  });

  it('does not publish private events', async () => {
    const secret = defineEvent<object, object>({ name: 'Secret', context: 'quests', major: 1, topic: null, schemas: [...QuestCreated.schemas.values()] });
    expect(await publishSchemas({ registryUrl, eventTypes: [secret] })).toEqual({ schemas: [], compatibilitySet: [] });
  });

  it('mends a subject that was left without its compatibility, and runs from two places at once', async () => {
    const type = renamed(QuestCreated, () => ({ name: 'Mended' }));
    const text = JSON.stringify(type.schemas.get('1.0.0'));
    await fetch(`${registryUrl}/subjects/${type.recordName}/versions`, { method: 'POST', body: JSON.stringify({ schema: text }), headers: { 'content-type': 'application/json' } });
    expect(await publishSchemas({ registryUrl, eventTypes: [type] })).toMatchObject({ compatibilitySet: [type.recordName], schemas: [{ outcome: 'present' }, { outcome: 'registered' }] });
    const twice = [1, 2, 3, 4, 5, 6, 7, 8].map((part) => renamed(QuestCreated, () => ({ name: `Twice${part}` })));
    const reports = await Promise.all([publishSchemas({ registryUrl, eventTypes: twice }), publishSchemas({ registryUrl, eventTypes: twice })]);
    const idsOf = (report: (typeof reports)[number] | undefined) => report?.schemas.map(({ id }) => id);
    expect(idsOf(reports[0])).toEqual(idsOf(reports[1]));
  });
});

/** The first version's fields with other limits. */
function relax(schema: AvroRecordSchema): object[] {
  return [...QuestCreated.schemas.values()].filter(({ version }) => version === '1.0.0').flatMap(({ fields }) => fields.map((field) => (field.name === 'title' ? { ...field, maxLength: schema.fields.length } : field)));
}

describe('what can go wrong', () => {
  const broken = renamed(QuestCreated, (schema) => ({ name: 'Broken', fields: schema.version === '1.0.0' ? schema.fields : [...schema.fields, { name: 'new', type: 'string', doc: 'No default.' }] }));

  it('an incompatible schema is refused with the reasons, and the others are registered all the same', async () => {
    const good = renamed(QuestCreated, () => ({ name: 'BesideBroken' }));
    await expect(publishSchemas({ registryUrl, eventTypes: [broken, good] })).rejects.toEqual(expect.objectContaining({ code: 'INCOMPATIBLE_SCHEMA', retryable: false, recordName: broken.recordName, version: '1.1.0' }));
    await expect(publishSchemas({ registryUrl, eventTypes: [broken], dryRun: true })).rejects.toBeInstanceOf(IncompatibleSchema);
    expect((await publishSchemas({ registryUrl, eventTypes: [good] })).schemas.map(({ outcome }) => outcome)).toEqual(['present', 'present']);
  });

  it('an unknown id is a definite answer', async () => {
    await expect(new RegistryClient({ url: registryUrl }).schemaById(2_000_000_000)).rejects.toBeInstanceOf(UnknownSchemaId);
  });

  it.each([
    ['a closed port', 'http://127.0.0.1:9'],
    ['a path that is not the registry\'s', new URL('/nothing/here', registryUrl || 'http://127.0.0.1:9').href],
  ])('%s is a registry that cannot be reached', async (_name, url) => {
    const client = new RegistryClient({ url });
    await expect(client.schemaById(1)).rejects.toBeInstanceOf(RegistryUnreachable);
    await expect(client.idOf('a', '{}')).rejects.toBeInstanceOf(RegistryUnreachable);
    await expect(client.ping()).rejects.toBeInstanceOf(RegistryUnreachable);
    await expect(publishSchemas({ registryUrl: url, eventTypes: [QuestCreated] })).rejects.toBeInstanceOf(RegistryUnreachable);
  });

  it('a registry that does not answer in time, fails or talks nonsense cannot be reached; its password stays out of errors', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      if (request.url?.endsWith('/1')) response.writeHead(500).end('{"error_code":50001,"message":"store down"}');
      else if (request.url?.endsWith('/2')) response.writeHead(200).end('<html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const client = new RegistryClient({ url: `http://me:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}`, timeoutMs: 100 });
      await expect(client.schemaById(1)).rejects.toThrow('it answered 500 store down');
      await expect(client.schemaById(2)).rejects.toThrow('it answered 200 <html>');
      const late = await client.schemaById(3).catch((error: unknown) => error as Error);
      expect(late).toBeInstanceOf(RegistryUnreachable);
      expect(String(late)).not.toContain('p%40ss');
      expect(seen).toEqual(Array(3).fill(`Basic ${Buffer.from('me:p@ss').toString('base64')}`));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('a registry whose database met two release steps at once', () => {
  it('answers 500 and is asked again', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const isRegistration = request.method === 'POST' && request.url?.endsWith('/versions') === true;
      if (isRegistration) asked.push(request.url ?? '');
      if (isRegistration && asked.length === 1) response.writeHead(500, { 'content-type': 'application/json' }).end('{"error_code":50001,"message":"duplicate key"}');
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"compatibilityLevel":"FULL_TRANSITIVE","id":7}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const register = await openRegistrar(new RegistryClient({ url }), { url, timeoutMs: 10_000 });
      expect(await register(QuestCreated.recordName, QuestCreated.schemas.get('1.0.0') as AvroRecordSchema)).toBe(7);
      expect(asked).toHaveLength(2);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('a client of someone else', () => {
  const registry = new SchemaRegistry({ host: registryUrl });
  const access = openSchemaRegistry({ url: registryUrl }, types);
  beforeAll(async () => {
    await publishSchemas({ registryUrl, eventTypes: types });
  });

  it.each(versions.map(({ type, version }) => ({ name: type.recordName.replace(own, 'lifeos'), type, version })))('reads every field of $name $version by the id alone', async ({ name, type, version }) => {
    const original = allRecordTypes.find(({ recordName }) => recordName === name) as AnyEventType;
    const writer = compileSchema(type.schemas.get(version) ?? {});
    const fresh = openSchemaRegistry({ url: registryUrl }, []);
    for (const payload of fc.sample(payloadArbitrary(original, version), 5)) {
      const avro = writer.toBuffer(payload);
      const value = frame(await access.ids.idFor(type.recordName, version), avro);
      expect(JSON.parse(JSON.stringify(await registry.decode(value)))).toEqual(bare(payload, type.schemas.get(version)?.fields ?? []));
      expect(unframe(value).avro).toEqual(avro);
      const record = { topic: '', partition: 0, offset: 0, key: null, value, headers: { ce_eventversion: version }, timestamp: 0 };
      expect(await fresh.decoder.decode(record, type)).toEqual(access.decoder.decode(record, type));
      expect(access.decoder.decode(record, type)).toMatchObject(payload);
    }
  });
});

/** What plain Avro knows of a payload: no Dates, no JSON, decimals as bytes. */
function bare(payload: Record<string, unknown>, fields: readonly Readonly<Record<string, unknown>>[]): object {
  return Object.fromEntries(fields.map(({ name, type }) => [name, bareValue(payload[String(name)], type)]));
}

function bareValue(value: unknown, type: unknown): unknown {
  if (value === null) return null;
  if (Array.isArray(type)) return bareValue(value, type[1]);
  const { logicalType, items, fields } = Object(type) as { logicalType?: string; items?: unknown; fields?: Readonly<Record<string, unknown>>[] };
  if (logicalType === 'timestamp-millis') return Number(value);
  if (logicalType === 'date') return Date.parse(String(value)) / 86_400_000;
  if (logicalType === 'json') return JSON.stringify(value);
  if (logicalType === 'decimal') return JSON.parse(JSON.stringify(twosComplement(BigInt(Math.round(Number(value) * 10_000)))));
  if (items) return (value as unknown[]).map((item) => bareValue(item, items));
  return fields ? bare(value as Record<string, unknown>, fields) : value;
}

function twosComplement(value: bigint): Buffer {
  let length = 1;
  while (BigInt.asIntN(8 * length, value) !== value) length++;
  return Buffer.from(BigInt.asUintN(8 * length, value).toString(16).padStart(2 * length, '0'), 'hex');
}
