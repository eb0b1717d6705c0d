import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import colors from 'picocolors';
import { addFilter, addTarget, queryOf, wholeNumber, type FilterFlags } from './flags.js';
import { targetFrom, targetsFrom, type TargetFlags } from './targets.js';

interface RetryFlags extends TargetFlags, FilterFlags {
  readonly all?: true;
  readonly dryRun?: true;
  readonly cap?: number;
  readonly after?: string;
  readonly retries?: number;
  readonly why?: string;
  readonly json?: true;
}

export function addRetry(deadLetters: Command): void {
  addFilter(addTarget(deadLetters.command('retry').description('try again now: one by its id, else all that the conditions mean; what waits behind follows in order').argument('[id]')))
    .option('--all', 'everything that is parked')
    .option('--dry-run', 'only say how many')
    .option('--cap <number>', 'letters of a service at most', wholeNumber)
    .option('--after <id>', 'where an earlier capped retry of the same service ended')
    .option('--retries <number>', 'tries before it is exhausted again; default the handler\'s', wholeNumber)
    .option('--why <text>', 'for the audit')
    .option('--json', 'one JSON object a service')
    .action(async (id: string | undefined, flags: RetryFlags) => {
      const { all, dryRun, cap, after, retries, why, json } = flags;
      const isOne = id !== undefined || after !== undefined;
      const body = { filter: { ...queryOf(flags), id }, all, dry_run: dryRun, cap, after, retries, reason: why };
      for (const { service, client } of isOne ? [await targetFrom(flags)] : await targetsFrom(flags)) {
        const answer = await client.retry(body);
        if (json) console.log(JSON.stringify({ service, ...answer }));
        else tellRetry(service, answer);
      }
    });
}

function tellRetry(service: string, { letters, next, dry_run: isDry }: { letters: number; next: string | null; dry_run: boolean }): void {
  console.log(isDry ? `${service}: ${letters} would be tried again.` : `${colors.green('✓')} ${service}: ${letters} are tried again now.`);
  if (next !== null) console.log(`There are more: --service ${service} --after ${next}`);
}

interface EditFlags extends TargetFlags {
  readonly payload: string;
  readonly why?: string;
}

export function addEdit(deadLetters: Command): void {
  addTarget(deadLetters.command('edit').description('give the handler another payload and try again; checked against the schema, the original is kept').argument('<id>'))
    .requiredOption('--payload <json>', 'the whole payload as JSON, or @file')
    .option('--why <text>', 'for the audit')
    .action(async (id: string, flags: EditFlags) => {
      const { service, client } = await targetFrom(flags);
      await client.edit(id, { payload: await payloadFrom(flags.payload), reason: flags.why });
      console.log(`${colors.green('✓')} ${service}: ${id} is tried with the new payload.`);
    });
}

export function addSkip(deadLetters: Command): void {
  addTarget(deadLetters.command('skip').description('give one up for its handler; what waits behind it goes on').argument('<id>'))
    .requiredOption('--why <text>', 'for the audit')
    .action(async (id: string, flags: TargetFlags & { why: string }) => {
      const { service, client } = await targetFrom(flags);
      await client.skip(id, { reason: flags.why });
      console.log(`${colors.green('✓')} ${service}: ${id} is skipped.`);
    });
}

async function payloadFrom(given: string): Promise<unknown> {
  const text = given.startsWith('@') ? await readFile(given.slice(1), 'utf8') : given;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`The payload is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
