import type { Addresses } from '../harness/world.js';

/** The parts that `npm test` started, or those that the environment names. */
export function testAddresses(env: NodeJS.ProcessEnv = process.env): Addresses {
  const { LIFEOS_TEST_POSTGRES_URL: postgresUrl, KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl } = env;
  if (!postgresUrl || !brokers || !registryUrl) throw new Error('LIFEOS_TEST_POSTGRES_URL, KAFKA_BROKERS and SCHEMA_REGISTRY_URL must name real parts: run the tests by npm test');
  return { postgresUrl, brokers: brokers.split(','), registryUrl };
}
