import { readFileSync } from 'node:fs';
import { type KafkaConfig } from '@lifeos/kafka';

type Environment = Readonly<Record<string, string | undefined>>;

/** The same variables that services read: KAFKA_SSL, KAFKA_SSL_CA(_FILE), KAFKA_SASL_*; the password also as KAFKA_SASL_PASSWORD_FILE. */
export function kafkaConfig(brokers: readonly string[], env: Environment = process.env): KafkaConfig {
  const sasl = saslFrom(env);
  return { brokers, clientId: 'lifeos-release', ...(sslFrom(env) ?? {}), ...(sasl === undefined ? {} : { sasl }) };
}

function sslFrom(env: Environment): Pick<KafkaConfig, 'ssl'> | undefined {
  if (env['KAFKA_SSL'] !== 'true') return undefined;
  const authority = secret('KAFKA_SSL_CA', env);
  return { ssl: authority ? { ca: [authority] } : true };
}

function saslFrom(env: Environment): KafkaConfig['sasl'] {
  const mechanism = env['KAFKA_SASL_MECHANISM'];
  const username = env['KAFKA_SASL_USERNAME'];
  const password = secret('KAFKA_SASL_PASSWORD', env);
  if (!mechanism && !username && !password) return undefined;
  if (mechanism !== 'plain' && mechanism !== 'scram-sha-256' && mechanism !== 'scram-sha-512') {
    throw new Error(`KAFKA_SASL_MECHANISM is ${mechanism || 'missing'}: it must be plain, scram-sha-256 or scram-sha-512.`);
  }
  if (!username || !password) throw new Error(`KAFKA_SASL_MECHANISM is ${mechanism}: KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are needed with it.`);
  return { mechanism, username, password };
}

function secret(name: string, env: Environment): string | undefined {
  const file = env[`${name}_FILE`];
  return env[name] || (file ? readFileSync(file, 'utf8').trim() : undefined);
}
