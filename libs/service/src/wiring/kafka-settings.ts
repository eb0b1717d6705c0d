import type { KafkaConfig } from '@lifeos/kafka';
import type { ServiceConfig } from '../config/service-config.js';
import type { Logger } from '../logging/logger.js';

/** How this service reaches the brokers, from its environment. */
export function kafkaSettings(service: string, config: ServiceConfig, logger: Logger): KafkaConfig {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username = '', KAFKA_SASL_PASSWORD: password = '' } = config;
  return {
    brokers: config.KAFKA_BROKERS,
    clientId: config.KAFKA_CLIENT_ID ?? service,
    ssl: config.KAFKA_SSL && (config.KAFKA_SSL_CA ? { ca: config.KAFKA_SSL_CA } : true),
    logger,
    ...(mechanism ? { sasl: { mechanism, username, password } } : {}),
  };
}

/** The registry's address with the user and password that stand in a variable of their own. */
export function registryUrl(config: ServiceConfig): string {
  const url = new URL(config.SCHEMA_REGISTRY_URL);
  const [user, ...password] = (config.SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO ?? '').split(':');
  if (user) {
    url.username = encodeURIComponent(user);
    url.password = encodeURIComponent(password.join(':'));
  }
  return url.href;
}
