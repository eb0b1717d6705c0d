import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExperienceAwarded, QuestCompleted } from '@lifeos/contracts';
import { deliveryMigrations } from '@lifeos/delivery';
import { eventLogMigrations } from '@lifeos/event-log';
import { RegistryUnreachable } from '@lifeos/events';
import { createTopics } from '@lifeos/kafka';
import { type Database, migrate, openDatabase } from '@lifeos/postgres';
import { publishSchemas } from '@lifeos/schema-registry';
import { type Load, type Role, topicOf } from '../service/job.js';
import { partitions } from '../service/service-parts.js';
import { createDashboardTables, createQuestTables } from '../service/tables.js';

/** Where the real parts are. */
export interface Addresses {
  /** Of a superuser. */
  readonly postgresUrl: string;
  readonly brokers: readonly string[];
  readonly registryUrl: string;
}

/** What one run has for itself: two databases and two topics. */
export interface World extends Addresses {
  readonly run: string;
  readonly load: Load;
  readonly urls: Readonly<Record<Role, string>>;
  /** To look into them from outside. */
  readonly databases: Readonly<Record<Role, Database>>;
  end(): Promise<void>;
}

export async function createWorld(addresses: Addresses, load: Load): Promise<World> {
  const run = randomBytes(5).toString('hex');
  const server = openDatabase({ url: addresses.postgresUrl, applicationName: 'chaos', max: 1, onBackgroundError: () => undefined });
  const urls = { quests: await createDatabase(server, addresses, `quests_${run}`), dashboard: await createDatabase(server, addresses, `dashboard_${run}`) };
  await Promise.all([
    migrate({ url: urls.quests, sets: [eventLogMigrations] }),
    migrate({ url: urls.dashboard, sets: [eventLogMigrations, deliveryMigrations] }),
    registerSchemas(addresses.registryUrl),
    createTopics(kafkaOf(addresses), (['quests', 'dashboard'] as const).map((role) => ({ topic: topicOf(role, run), partitions }))),
  ]);
  const databases = { quests: lookInto(urls.quests), dashboard: lookInto(urls.dashboard) };
  await createQuestTables(databases.quests, load.users);
  await createDashboardTables(databases.dashboard);
  const end = async (): Promise<void> => {
    await Promise.all([databases.quests.close(), databases.dashboard.close()]);
    for (const role of ['quests', 'dashboard']) await server.query(`DROP DATABASE IF EXISTS ${role}_${run} WITH (FORCE)`);
    await server.close();
  };
  return { ...addresses, run, load, urls, databases, end };
}

/** A registry whose database was just restarted answers with errors until it has new connections. */
async function registerSchemas(registryUrl: string): Promise<void> {
  for (let left = 60; ; left -= 1) {
    try {
      return void (await publishSchemas({ registryUrl, eventTypes: [QuestCompleted, ExperienceAwarded] }));
    } catch (error) {
      if (left === 0 || !(error instanceof RegistryUnreachable)) throw error;
      await sleep(500);
    }
  }
}

export const kafkaOf = ({ brokers }: Addresses): { brokers: readonly string[]; clientId: string } => ({ brokers, clientId: 'chaos' });

async function createDatabase(server: Database, { postgresUrl }: Addresses, name: string): Promise<string> {
  await server.query(`CREATE DATABASE ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}

const lookInto = (url: string): Database => openDatabase({ url, applicationName: 'chaos', max: 3, onBackgroundError: () => undefined });
