import type { Command } from 'commander';
import colors from 'picocolors';
import { addressesFrom } from '../addresses.js';
import { withCredentials } from '../release/schemas.js';
import { readManifests } from '../topology/manifest-files.js';
import { workspaceRoot } from '../workspace.js';
import { publishRelease } from './publish-release.js';

interface PublishFlags {
  readonly dryRun?: boolean;
  readonly allowParking?: boolean;
}

export function addPublishCommand(schemas: Command): void {
  schemas
    .command('publish')
    .description('register the released schemas that are missing, each subject under FULL_TRANSITIVE (SCHEMA_REGISTRY_URL)')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--allow-parking', 'publish a new major although services would keep its events as dead letters')
    .action(async ({ dryRun = false, allowParking = false }: PublishFlags) => {
      const { registryUrl } = await addressesFrom(process.env);
      const manifests = readManifests(workspaceRoot);
      const { registered, compatibilitySet, breaking } = await publishRelease({ registryUrl: withCredentials(registryUrl(), process.env), manifests, dryRun, allowParking });
      for (const { service, handler, recordName } of breaking) console.log(`${colors.yellow('!')} ${service} does not handle ${recordName} yet (${handler})`);
      for (const subject of compatibilitySet) console.log(`${colors.green('✓')} ${subject}: FULL_TRANSITIVE`);
      for (const name of registered) console.log(`${dryRun ? 'would register' : colors.green('✓')} ${name}`);
      console.log(registered.length === 0 ? 'Nothing to do: every schema is there.' : `${registered.length} ${dryRun ? 'would be new' : 'new'}.`);
    });
}
