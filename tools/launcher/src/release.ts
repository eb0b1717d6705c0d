import { createLifeosTopics, kafkaConfig, migrateService, publishLifeosSchemas, services } from '@lifeos/cli';
import { type Parts } from './start-parts.js';
import { type Terminal } from './terminal.js';

/** What a deployment does before its services start: topics, schemas, migrations. Doing it again changes nothing. */
export async function release({ kafka, registry, postgres }: Parts, terminal: Terminal): Promise<void> {
  // None is left running when another fails: the parts are stopped then.
  const steps = await Promise.allSettled([
    terminal.step('Topics', () => createLifeosTopics(kafkaConfig(kafka.brokers)), (created) => `${created.length} new`),
    terminal.step('Schemas', () => publishLifeosSchemas(registry.url), (published) => `${published.length} new`),
    terminal.step('Migrations', () => migrateAll(postgres.databases), (ran) => `${ran} run`),
  ]);
  const failed = steps.find((step) => step.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function migrateAll(databases: Readonly<Record<string, string>>): Promise<number> {
  let ran = 0;
  for (const service of services) {
    const url = databases[service];
    if (url !== undefined) ran += (await migrateService({ service, url })).length;
  }
  return ran;
}
