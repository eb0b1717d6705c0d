import { describe, expect, it } from '@jest/globals';
import { kafkaConfig } from './kafka-config.js';

describe('kafkaConfig', () => {
  it('is plain text without further settings', () => {
    expect(kafkaConfig(['a:1'], {})).toEqual({ brokers: ['a:1'], clientId: 'lifeos-release' });
  });

  it('takes TLS with an authority of its own, and SASL', () => {
    const env = { KAFKA_SSL: 'true', KAFKA_SSL_CA: 'PEM', KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(kafkaConfig(['a:1'], env)).toMatchObject({ ssl: { ca: ['PEM'] }, sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' } });
  });

  it('refuses a mechanism it does not know, by name', () => {
    expect(() => kafkaConfig(['a:1'], { KAFKA_SASL_MECHANISM: 'oauth' })).toThrow(/oauth/);
  });

  it.each([{ KAFKA_SASL_MECHANISM: 'plain' }, { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u' }, { KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' }])('refuses half of a login: %j', (env) => {
    expect(() => kafkaConfig(['a:1'], env)).toThrow(/KAFKA_SASL_/);
  });
});
