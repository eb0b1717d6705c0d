import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLifeosTopics, ensureCredentialsKey, ensureSigningKeys, kafkaConfig, migrateService, ownEnvironment, publishLifeosSchemas, type ServiceName } from '@lifeos/cli';
import { ensureDatabase } from '@lifeos/local';
import { type Database, openDatabase } from '@lifeos/postgres';
import type { Addresses } from '../harness/world.js';
import { RealService } from './real-service.js';

/** Whom a quest concerns that is completed. */
export const realServices = ['quests', 'dashboard', 'achievements'] as const satisfies readonly ServiceName[];
export type RealName = (typeof realServices)[number];

/** Real services on their own databases and topics. Another seed finds what the one before left, and looks at its own people. */
export class RealWorld {
  private constructor(
    readonly addresses: Addresses,
    readonly services: Readonly<Record<RealName, RealService>>,
    /** To look into them from outside. */
    readonly databases: Readonly<Record<RealName, Database>>,
  ) {}

  static async open(addresses: Addresses): Promise<RealWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'lifeos-chaos-services-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const keys = { privateKeyFile: join(folder, 'private.pem'), publicKeyFile: join(folder, 'public.pem'), credentialsKeyFile: join(folder, 'credentials.key') };
    await Promise.all([ensureSigningKeys(keys), ensureCredentialsKey(keys.credentialsKeyFile), createLifeosTopics(kafkaConfig(addresses.brokers)), publishLifeosSchemas(addresses.registryUrl)]);
    const started = await Promise.all(realServices.map(async (name) => {
      const url = await ensureDatabase(addresses.postgresUrl, name);
      await migrateService({ service: name, url });
      const env = { ...process.env, ...environmentOf(addresses, url), JWT_PUBLIC_KEY_FILE: keys.publicKeyFile, ...ownEnvironment(name, keys) };
      return { name, service: await RealService.start({ name, folder, env }), database: lookInto(url) };
    }));
    const by = <T>(of: (one: (typeof started)[number]) => T): Record<RealName, T> => Object.fromEntries(started.map((one) => [one.name, of(one)])) as Record<RealName, T>;
    return new RealWorld(addresses, by(({ service }) => service), by(({ database }) => database));
  }

  /** Stops the services in order. Resolves with what went wrong in that. */
  async stop(): Promise<string[]> {
    const endings = await Promise.all(realServices.map(async (name) => [name, await this.services[name].stop()] as const));
    return endings.filter(([, how]) => how !== 'exit code 0').map(([name, how]) => `${name} did not stop in order: ${how}`);
  }

  /** Whatever still runs is killed. */
  async end(): Promise<void> {
    await Promise.all(realServices.map((name) => this.services[name].kill().catch(() => undefined)));
    await Promise.all(realServices.map((name) => this.databases[name].close()));
  }
}

/** As in production: kafkajs behaves otherwise under NODE_ENV=test. */
function environmentOf({ brokers, registryUrl }: Addresses, databaseUrl: string): NodeJS.ProcessEnv {
  return { NODE_ENV: 'production', DATABASE_URL: databaseUrl, KAFKA_BROKERS: brokers.join(','), SCHEMA_REGISTRY_URL: registryUrl };
}

const lookInto = (url: string): Database => openDatabase({ url, applicationName: 'chaos', max: 3, onBackgroundError: () => undefined });
