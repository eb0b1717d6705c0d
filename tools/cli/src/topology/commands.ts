import { type Command, Option } from 'commander';
import colors from 'picocolors';
import { allRecordTypes } from '@lifeos/contracts';
import { RegistryClient } from '@lifeos/schema-registry';
import { addressesFrom } from '../addresses.js';
import { withCredentials } from '../release/schemas.js';
import { workspaceRoot } from '../workspace.js';
import { catalogLeads, compiledVersions, mergedVersions, registeredVersions } from './event-versions.js';
import { generateManifests, readManifests } from './manifest-files.js';
import { topologyMermaid, topologyOf, topologyTable } from './topology.js';
import { type EventVersion, eventIn, type Reaction, type Verdict, whoBreaks } from './who-breaks.js';

export function addTopologyCommand(lifeos: Command): void {
  lifeos
    .command('topology')
    .description('who publishes and who consumes what, from the committed manifests, offline; exit code 1 when they cannot be read, or for an unknown option')
    .addOption(new Option('--json', 'as JSON').conflicts('mermaid'))
    .option('--mermaid', 'as a Mermaid flowchart')
    .action(({ json, mermaid }: { json?: true; mermaid?: true }) => {
      const rows = topologyOf(allRecordTypes, readManifests(workspaceRoot));
      console.log(json ? JSON.stringify(rows, null, 2) : mermaid ? topologyMermaid(rows) : topologyTable(rows));
    });
}

export function addConsumersCommand(lifeos: Command): void {
  lifeos
    .command('consumers')
    .description('manifests of what services consume: apps/<service>/consumers.json')
    .command('generate')
    .description('write them from the decorators of the built services; with --check exit code 1 when they differ')
    .option('--check', 'write nothing')
    .action(async ({ check = false }: { check?: boolean }) => {
      const differing = await generateManifests(workspaceRoot, { check });
      for (const file of differing) console.log(`${check ? 'out of date' : 'generated'}: ${file}`);
      if (differing.length === 0) console.log('The manifests fit the decorators.');
      else if (check) process.exitCode = 1;
    });
}

interface WhoBreaksFlags {
  readonly registry?: true;
  readonly json?: true;
}

export function addWhoBreaksCommand(schemas: Command): void {
  schemas
    .command('who-breaks')
    .description('what every handler does with every version of an event; exit code 1 when a service would miss facts, 2 when the registry is away')
    .argument('[event]', 'catalog name such as QuestCompleted; all events when left out')
    .option('--registry', 'with the versions that are registered, not only those of this checkout (SCHEMA_REGISTRY_URL)')
    .option('--json', 'as JSON')
    .action(async (event: string | undefined, { registry, json }: WhoBreaksFlags) => {
      const versions = mergedVersions(compiledVersions(), registry ? await askRegistry() : []).filter(({ recordName }) => event === undefined || eventIn(recordName).endsWith(`.${event}`));
      if (versions.length === 0) throw new Error(`There is no event ${String(event)}; \`npx lifeos topology\` lists them.`);
      const verdicts = whoBreaks(readManifests(workspaceRoot), versions, catalogLeads);
      console.log(json ? JSON.stringify(verdicts, null, 2) : verdictTable(verdicts));
      if (verdicts.some(({ breaks }) => breaks)) process.exitCode = 1;
    });
}

async function askRegistry(): Promise<EventVersion[]> {
  const { registryUrl } = await addressesFrom(process.env);
  return registeredVersions(new RegistryClient({ url: withCredentials(registryUrl(), process.env) })).catch((error: unknown) => {
    process.exitCode = 2;
    throw error;
  });
}

const colour: Readonly<Record<Reaction, (text: string) => string>> = { works: colors.green, upcasts: colors.green, 'falls back': colors.green, skips: colors.yellow, parks: colors.red };

export function verdictTable(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ recordName, version, service, handler, reaction, breaks }) =>
    `${breaks ? colors.red('✗') : colors.green('✓')} ${colour[reaction](reaction.padEnd(11))}${`${recordName} ${version}`.padEnd(56)} ${service}: ${handler}`);
  const broken = new Set(verdicts.filter(({ breaks }) => breaks).map(({ service }) => service));
  return [...lines, broken.size === 0 ? 'Nobody breaks.' : `Would break: ${[...broken].sort().join(', ')}`].join('\n');
}
