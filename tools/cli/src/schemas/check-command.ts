import { execFileSync } from 'node:child_process';
import type { Command } from 'commander';
import colors from 'picocolors';
import type { SchemaFault } from '@lifeos/codegen';
import { RegistryClient } from '@lifeos/schema-registry';
import { addressesFrom } from '../addresses.js';
import { withCredentials } from '../release/schemas.js';
import { workspaceRoot } from '../workspace.js';
import { type CheckReport, checkSchemas } from './check-schemas.js';

interface CheckFlags {
  readonly registry?: true;
  readonly json?: true;
  readonly base?: string;
  readonly root: string;
}

export function addCheckCommand(schemas: Command): void {
  schemas
    .command('check')
    .description('hold the schema files to Avro compatibility and to our policy, offline; exit code 0 clean, 1 faults, 2 not checked')
    .option('--registry', 'ask the schema registry as well (SCHEMA_REGISTRY_URL)')
    .option('--base <commit>', 'commit whose schema files count as released (default: origin/main, else HEAD)')
    .option('--root <folder>', 'workspace to check', workspaceRoot)
    .option('--json', 'print the verdicts as JSON')
    .action(async ({ registry, json, root, base = defaultBase(root) }: CheckFlags) => {
      const report = await checkSchemas({ root, base, ...(registry ? { registry: await openRegistry() } : {}) }).catch((error: unknown) => {
        process.exitCode = 2;
        throw error;
      });
      console.log(json ? JSON.stringify(report, null, 2) : textOf(report));
      if ([report.avro, report.policy, report.registry].some((faults) => faults.length > 0)) process.exitCode = 1;
    });
}

async function openRegistry(): Promise<RegistryClient> {
  const { registryUrl } = await addressesFrom(process.env);
  return new RegistryClient({ url: withCredentials(registryUrl(), process.env) });
}

function defaultBase(root: string): string {
  try {
    execFileSync('git', ['rev-parse', '--verify', '--quiet', 'origin/main'], { cwd: root, stdio: 'ignore' });
    return 'origin/main';
  } catch {
    return 'HEAD';
  }
}

function textOf({ checked, avro, policy, registry, notes }: CheckReport): string {
  return [
    ...verdict('avro', avro), ...verdict('policy', policy), ...(registry.length > 0 ? verdict('registry', registry) : []),
    ...notes.map((note) => `${colors.yellow('!')} ${note}`), `${checked} schemas checked.`,
  ].join('\n');
}

function verdict(name: string, faults: readonly SchemaFault[]): string[] {
  if (faults.length === 0) return [`${colors.green('✓')} ${name}`];
  const lines = faults.map(({ file, field, rule, message, todo }) => `  ${file}${field && ` ${field}`} [${rule}]\n    ${message}\n    -> ${todo}`);
  return [`${colors.red('✗')} ${name}: ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}`, ...lines];
}
