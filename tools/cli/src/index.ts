export { operatorToken } from './operator-token.js';
export { kafkaConfig } from './release/kafka-config.js';
export { migrateService } from './release/migrate.js';
export { publishLifeosSchemas } from './release/schemas.js';
export { isService, type ServiceName, services } from './release/services.js';
export { ensureCredentialsKey } from './release/credentials-key.js';
export { ownEnvironment, serviceFlags, type SecretFiles } from './release/own-environment.js';
export { ensureSigningKeys, type SigningKeys } from './release/signing-keys.js';
export { createLifeosTopics, topicSpecs } from './release/topics.js';
