import { z } from 'zod';
import type { ServiceDefinition } from '../service-definition.js';
import { type ConfigFault, readEnvironment, type Environment, type GivenTexts } from './environment.js';
import { ed25519Key, flag, url, wholeNumber } from './fields.js';

const brokers = z
  .string()
  .transform((text) => text.split(',').map((broker) => broker.trim()))
  .refine((list) => list.every((broker) => /^[^\s:]+:\d+$/.test(broker)), 'is not a list of host:port')
  .meta({ description: 'Kafka brokers, comma separated.', example: 'localhost:9092' });

const saslMechanism = z
  .enum(['plain', 'scram-sha-256', 'scram-sha-512'], { error: 'is not plain, scram-sha-256 or scram-sha-512' })
  .optional()
  .meta({ description: 'SASL mechanism; left out: no SASL.', example: 'scram-sha-512' });

const logLevel = z
  .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { error: 'is no log level' })
  .default('info')
  .meta({ description: 'Least level that is written.', example: 'info' });

/** The variables that every service reads, with their defaults. */
export const serviceEnvironment = z.object({
  HOST: z.string().default('127.0.0.1').meta({ description: 'Address to listen on.', example: '127.0.0.1' }),
  PORT: wholeNumber(0, 65535, 3000, 'Port to listen on; 0 takes a free one.'),
  LOG_LEVEL: logLevel,
  DATABASE_URL: url(['postgres', 'postgresql'], "The service's own database.", 'postgres://quests:secret@localhost:5432/quests'),
  DATABASE_POOL_MAX: wholeNumber(2, 100, 8, 'Connections to the database: four for batches, two for retries, the rest for requests. The relay has one of its own.'),
  DATABASE_CONNECT_TIMEOUT_MS: wholeNumber(100, 600_000, 5_000, 'Longest wait for a connection.'),
  KAFKA_BROKERS: brokers,
  KAFKA_CLIENT_ID: z.string().min(1).optional().meta({ description: "Name towards the broker; default the service's name.", example: 'quests' }),
  KAFKA_GROUP_ID: z.string().min(1).optional().meta({ description: "Consumer group; default the service's name.", example: 'quests' }),
  KAFKA_SSL: flag(false, 'Talk TLS to the brokers.'),
  KAFKA_SSL_CA: z.string().optional().meta({ description: 'PEM of the authority that signed the brokers.', example: '-----BEGIN CERTIFICATE-----…' }),
  KAFKA_SASL_MECHANISM: saslMechanism,
  KAFKA_SASL_USERNAME: z.string().optional().meta({ description: 'SASL user.', example: 'quests' }),
  KAFKA_SASL_PASSWORD: z.string().optional().meta({ description: 'SASL password.', example: '' }),
  KAFKA_FETCH_WAIT_MS: wholeNumber(10, 60_000, 100, 'How long the broker keeps a fetch waiting while there is nothing, and at least 500 when nothing came for 5 s; records that come end it at once.'),
  LIVENESS_LIMIT_MS: wholeNumber(1_000, 3_600_000, 60_000, 'How long a partition may stand still while more comes in before /health/live fails.'),
  RELAY_POLL_MS: wholeNumber(10, 60_000, 250, 'How long events that another process appended may wait; own ones are published at once.'),
  BATCH_MAX_EVENTS: wholeNumber(1, 10_000, 500, 'Events handled in one transaction.'),
  BATCH_MAX_MS: wholeNumber(1, 10_000, 50, 'Time after which such a transaction ends at the next event; open ones hold back every relay of the server.'),
  SCHEMA_REGISTRY_URL: url(['http', 'https'], 'Confluent-compatible registry API.', 'http://localhost:8081/apis/ccompat/v7'),
  SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO: z.string().optional().meta({ description: 'user:password for the registry.', example: 'quests:secret' }),
  JWT_PUBLIC_KEY: ed25519Key('public', 'PEM (SPKI) of the Ed25519 key that access tokens are verified with.'),
  JWT_ISSUER: z.string().default('lifeos').meta({ description: 'Issuer that tokens must name.', example: 'lifeos' }),
  JWT_AUDIENCE: z.string().default('lifeos').meta({ description: 'Audience that tokens must name.', example: 'lifeos' }),
  HTTP_BODY_LIMIT_BYTES: wholeNumber(1_024, 100_000_000, 1_048_576, 'Largest request body.'),
  HTTP_REQUEST_TIMEOUT_MS: wholeNumber(100, 600_000, 30_000, 'Longest time to receive a request.'),
  COMMAND_TIMEOUT_MS: wholeNumber(100, 600_000, 10_000, 'The server ends a command transaction after this time.'),
  IDEMPOTENCY_KEPT_HOURS: wholeNumber(1, 168, 24, 'How long the answer to a POST with an Idempotency-Key is kept.'),
  SCHEDULE_TICK_MS: wholeNumber(100, 3_600_000, 15_000, 'Time between two looks at which daily jobs are due.'),
  NODE_ENV: z.string().default('development').meta({ description: 'production forbids what only trials need.', example: 'production' }),
  CLOCK_MOVABLE: flag(false, 'Operators may move the business clock over HTTP; refused in production.'),
  SHUTDOWN_TIMEOUT_MS: wholeNumber(100, 600_000, 10_000, 'What is not finished by then is abandoned and reported.'),
});

export type ServiceConfig = z.infer<typeof serviceEnvironment>;

/** Variables that may come as NAME_FILE. */
export const serviceSecrets = [
  'DATABASE_URL', 'KAFKA_SSL_CA', 'KAFKA_SASL_PASSWORD', 'SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO', 'JWT_PUBLIC_KEY',
] as const;

/**
 * Reads the common and the service's own variables; a service may state a default of its own for a
 * common one (its PORT) by naming it again.
 * @throws InvalidConfig naming every fault of both.
 */
export function loadConfig(definition: Pick<ServiceDefinition, 'config' | 'secrets'>, environment: Environment): ServiceConfig {
  const all = serviceEnvironment.extend(definition.config?.shape ?? {});
  const secrets = [...serviceSecrets, ...(definition.secrets ?? [])];
  return readEnvironment<z.ZodObject>(all, environment, secrets, (given) => [...clockFaults(given), ...saslFaults(given)]) as ServiceConfig;
}

function clockFaults({ CLOCK_MOVABLE, NODE_ENV }: GivenTexts): ConfigFault[] {
  if (CLOCK_MOVABLE !== 'true' || NODE_ENV !== 'production') return [];
  return [{ name: 'CLOCK_MOVABLE', problem: 'must not be true while NODE_ENV is production', example: 'false' }];
}

/** Half of a login would only show as a broker that refuses, again and again. */
function saslFaults(given: GivenTexts): ConfigFault[] {
  const names = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'];
  const missing = names.filter((name) => given[name] === undefined);
  if (missing.length === names.length) return [];
  const present = names.filter((name) => given[name] !== undefined).join(' and ');
  return missing.map((name) => ({ name, problem: `is missing beside ${present}`, example: name === 'KAFKA_SASL_MECHANISM' ? 'scram-sha-512' : null }));
}
