import { setTimeout as sleep } from 'node:timers/promises';
import { IncompatibleSchema, RegistryUnreachable } from '@lifeos/events';
import type { AvroRecordSchema } from '@lifeos/contracts';
import { schemaText } from './registered-schema-ids.js';
import type { RegistryClient } from './registry-client.js';

export const compatibility = 'FULL_TRANSITIVE';

/** Registers one schema and gives its id. */
export type Registrar = (subject: string, schema: AvroRecordSchema) => Promise<number>;

/**
 * Registers by the Kafka client's registry library, as a tool of the release step. Its own retries are off
 * (they are one setting for the whole process), a time limit is put in, and its status 400 for a registry
 * that is away becomes what it is. Loaded on demand: it brings Protobuf and JSON Schema, which no running
 * service needs.
 */
export async function openRegistrar(client: RegistryClient, options: { readonly url: string; readonly timeoutMs: number }): Promise<Registrar> {
  const { COMPATIBILITY, SchemaRegistry, SchemaType } = await import('@kafkajs/confluent-schema-registry');
  const { username, password } = new URL(options.url);
  const registry = new SchemaRegistry({
    host: client.url,
    retry: { retries: 0 },
    ...(username ? { auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) } } : {}),
    middlewares: [() => ({ prepareRequest: async (next) => (await next()).enhance({ timeout: options.timeoutMs }) })],
  });
  const register: Registrar = (subject, schema) =>
    againAfterServerError(async () => (await registry.register({ type: SchemaType.AVRO, schema: schemaText(schema) }, { subject, compatibility: COMPATIBILITY.FULL_TRANSITIVE })).id);
  return async (subject, schema) => {
    try {
      return await register(subject, schema).catch(async (error: unknown) => {
        if (!metAnother(error)) throw error;
        await client.setCompatibility(subject, compatibility);
        return register(subject, schema);
      });
    } catch (error) {
      throw await explained(error, { client, subject, version: schema.version });
    }
  };
}

/**
 * A second release step is making the same subject: its compatibility is not set yet, or was set between
 * our look and our setting, which Apicurio answers with 409 as it does an incompatible schema.
 */
const metAnother = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'ConfluentSchemaRegistryCompatibilityError' || (statusOf(error) === 409 && 'url' in error && /^put /i.test(String(error.url))));

const waitsMs = [200, 500, 1_500];

/** Apicurio answers 500 when two transactions of its database meet. Asking again is safe: one schema has one id, however often it is registered. */
async function againAfterServerError<T>(work: () => Promise<T>): Promise<T> {
  for (const wait of waitsMs) {
    try {
      return await work();
    } catch (error) {
      if (Number(statusOf(error)) < 500 || Number.isNaN(Number(statusOf(error)))) throw error;
      await sleep(wait);
    }
  }
  return work();
}

const statusOf = (error: unknown): unknown => (typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined);

async function explained(error: unknown, at: { client: RegistryClient; subject: string; version: string }): Promise<unknown> {
  const message = error instanceof Error ? error.message : String(error);
  if (statusOf(error) === 409) return new IncompatibleSchema(at.subject, at.version, reasonsIn(message), { cause: error });
  try {
    await at.client.ping();
  } catch (away) {
    if (away instanceof RegistryUnreachable) return away;
  }
  return error;
}

/** Apicurio lists every difference between brackets; another registry's text is passed on whole. */
function reasonsIn(message: string): string[] {
  const [, list] = /list of diff types: \[(.*)\]/.exec(message) ?? [];
  return (list ?? message).split(/, (?=reader )/);
}
