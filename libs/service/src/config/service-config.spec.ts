import { describe, expect, it } from '@jest/globals';
import type { InvalidConfig } from './environment.js';
import { loadConfig } from './service-config.js';

const environment = {
  DATABASE_URL: 'postgres://db/quests',
  KAFKA_BROKERS: 'localhost:9092',
  SCHEMA_REGISTRY_URL: 'http://localhost:8081',
  JWT_PUBLIC_KEY: 'PEM',
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
});
