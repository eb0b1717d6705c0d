import type { Command } from 'commander';
import { addressesFrom } from '../addresses.js';
import { table } from '../dead-letters/tables.js';
import { kafkaConfig } from '../release/kafka-config.js';
import { readManifests } from '../topology/manifest-files.js';
import type { ConsumerManifest } from '../topology/manifest.js';
import { workspaceRoot } from '../workspace.js';
import { planOf, type PlannedStart } from './plan.js';
import { readGroupState } from './read-state.js';

export function addSubscriptionsCommand(lifeos: Command): void {
  lifeos
    .command('subscriptions')
    .description('what services consume, and from where')
    .command('plan')
    .description('before a deployment: handlers that are new, where they start, how much they have to read (KAFKA_BROKERS, DATABASE_URL_<SERVICE>); exit code 1 when there is no such service, 2 when a database or the broker is away')
    .argument('[service]', 'all services when left out')
    .option('--json', 'as JSON, with every partition')
    .action(async (service: string | undefined, { json }: { json?: true }) => {
      const plan = await planned(chosen(service));
      console.log(json ? JSON.stringify(plan, null, 2) : planTable(plan));
    });
}

function chosen(service: string | undefined): ConsumerManifest[] {
  const all = readManifests(workspaceRoot);
  const manifests = all.filter((one) => service === undefined || one.service === service);
  if (manifests.length === 0) throw new Error(`There is no service ${String(service)} that consumes; there are ${all.map((one) => one.service).join(', ')}.`);
  return manifests;
}

async function planned(manifests: readonly ConsumerManifest[]): Promise<PlannedStart[]> {
  const { brokers, databaseUrl } = await addressesFrom(process.env);
  const kafka = kafkaConfig(brokers());
  const plans: PlannedStart[] = [];
  for (const manifest of manifests) {
    const url = databaseUrl(manifest.service, manifests.length === 1);
    const state = await readGroupState(manifest, { databaseUrl: url, kafka }).catch((error: unknown) => {
      process.exitCode = 2;
      throw error;
    });
    plans.push(...planOf(manifest, state));
  }
  return plans;
}

export function planTable(plan: readonly PlannedStart[]): string {
  if (plan.length === 0) return 'Every handler goes on where it is.';
  const rows = plan.map(({ service, handler, topic, from, way, partitions, backlog }) => [
    service, handler, topic, from, way, String(partitions.length), offsetsOf(partitions.map(({ start }) => start)), String(backlog),
  ]);
  return table(['service', 'handler', 'topic', 'from', 'way', 'partitions', 'start', 'backlog'], rows);
}

function offsetsOf(starts: readonly number[]): string {
  const [low, high] = [Math.min(...starts), Math.max(...starts)];
  return low === high ? String(low) : `${low} to ${high}`;
}
