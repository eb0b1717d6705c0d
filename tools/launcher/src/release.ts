import { createLifeosTopics, kafkaConfig, migrateService, publishLifeosSchemas, services } from '@lifeos/cli';
import { messageOf } from '@lifeos/local';
import { type Parts } from './start-parts.js';
import { type Terminal } from './terminal.js';

/**
 * What a deployment does before its services start: topics, schemas, migrations. Doing it again changes nothing.
 * @throws Error that names every step that failed, and the part that it asked
 */
export async function release({ kafka, registry, postgres }: Parts, terminal: Terminal): Promise<void> {
  const steps = {
    [`Topics, by Kafka at ${kafka.brokers.join(', ')}`]: terminal.step('Topics', () => createLifeosTopics(kafkaConfig(kafka.brokers)), (created) => `${created.length} new`),
    [`Schemas, by the registry at ${registry.url}`]: terminal.step('Schemas', () => publishLifeosSchemas(registry.url), (published) => `${published.length} new`),
    Migrations: terminal.step('Migrations', () => migrateAll(postgres.databases), (ran) => `${ran} run`),
  };
  // None is left running when another fails: the parts are stopped then.
  const ends = await Promise.allSettled(Object.values(steps));
  const failed = Object.keys(steps).flatMap((name, index) => {
    const end = ends[index];
    return end?.status === 'rejected' ? [`${name}: ${messageOf(end.reason)}`] : [];
  });
  if (failed.length > 0) throw new Error(failed.join('\n  '));
}

async function migrateAll(databases: Readonly<Record<string, string>>): Promise<number> {
  let ran = 0;
  for (const service of services) {
    const url = databases[service];
    if (url !== undefined) ran += (await migrateService({ service, url })).length;
  }
  return ran;
}
