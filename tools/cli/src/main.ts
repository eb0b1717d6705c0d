import { Command, InvalidArgumentError } from 'commander';
import colors from 'picocolors';
import { addressesFrom } from './addresses.js';
import { addAsyncApiCommand } from './asyncapi/command.js';
import { addDeadLettersCommand } from './dead-letters/command.js';
import { kafkaConfig } from './release/kafka-config.js';
import { migrateService } from './release/migrate.js';
import { isService, type ServiceName, services } from './release/services.js';
import { ensureCredentialsKey } from './release/credentials-key.js';
import { ensureSigningKeys } from './release/signing-keys.js';
import { createLifeosTopics } from './release/topics.js';
import { addCheckCommand } from './schemas/check-command.js';
import { addPublishCommand } from './schemas/publish-command.js';
import { addSubscriptionsCommand } from './subscriptions/command.js';
import { addConsumersCommand, addTopologyCommand, addWhoBreaksCommand } from './topology/commands.js';

export async function main(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync([...argv]);
  } catch (error) {
    console.error(`${colors.red('✗')} ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode ??= 1;
  }
}

/** The whole command line, without running any of it. */
export function program(): Command {
  const lifeos = new Command('lifeos')
    .description('Release steps and operation of Life OS. Addresses come from the environment, else from a running `npm start`.')
    .showHelpAfterError();

  lifeos
    .command('topics')
    .description('Kafka topics')
    .command('create')
    .description('create the topics that are missing (KAFKA_BROKERS, KAFKA_SSL, KAFKA_SASL_*)')
    .action(async () => {
      const { brokers } = await addressesFrom(process.env);
      report('topic', await createLifeosTopics(kafkaConfig(brokers())));
    });

  const schemas = lifeos.command('schemas').description('Avro schemas');
  addCheckCommand(schemas);
  addPublishCommand(schemas);
  addWhoBreaksCommand(schemas);
  addTopologyCommand(lifeos);
  addConsumersCommand(lifeos);
  addAsyncApiCommand(lifeos);
  addSubscriptionsCommand(lifeos);
  addDeadLettersCommand(lifeos);

  lifeos
    .command('migrate')
    .description("bring services' databases up to date (DATABASE_URL_<SERVICE>, or DATABASE_URL for one)")
    .argument('<services...>', services.join(', '), parseServices)
    .action(async (chosen: ServiceName[]) => {
      const { databaseUrl } = await addressesFrom(process.env);
      for (const service of chosen) {
        const ran = await migrateService({ service, url: databaseUrl(service, chosen.length === 1) });
        report(`migration of ${service}`, ran.map(({ table, name }) => `${service}: ${name} (${table})`));
      }
    });

  const keys = lifeos.command('keys').description('keys that services are given');
  keys
    .command('credentials')
    .description('key that integrations seals credentials with; make it when there is none')
    .argument('<key file>')
    .action(async (file: string) => report('key', (await ensureCredentialsKey(file)) ? [file] : []));
  keys
    .command('create')
    .description('key pair that access tokens are signed with; make it when there is none')
    .argument('<private key file>')
    .argument('<public key file>')
    .action(async (privateKeyFile: string, publicKeyFile: string) => {
      const made = await ensureSigningKeys({ privateKeyFile, publicKeyFile });
      report('key', made ? [privateKeyFile, publicKeyFile] : []);
    });

  return lifeos;
}

/** commander calls it once an argument, with what it answered before. */
function parseServices(name: string, before: ServiceName[] = []): ServiceName[] {
  if (isService(name)) return [...before, name];
  throw new InvalidArgumentError(`There is no service ${name}; there are ${services.join(', ')}.`);
}

function report(what: string, done: readonly string[]): void {
  for (const name of done) console.log(`${colors.green('✓')} ${name}`);
  console.log(done.length === 0 ? `Nothing to do: every ${what} is there.` : `${done.length} new.`);
}
