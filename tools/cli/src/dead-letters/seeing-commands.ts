import type { Command } from 'commander';
import type { Listed } from './dead-letter-client.js';
import { addFilter, addTarget, queryOf, wholeNumber, type FilterFlags } from './flags.js';
import { letterTable, statisticsTable } from './tables.js';
import { targetFrom, targetsFrom, type Target, type TargetFlags } from './targets.js';

interface ListFlags extends TargetFlags, FilterFlags {
  readonly limit: number;
  readonly after?: string;
  readonly json?: true;
}

export function addList(deadLetters: Command): void {
  addFilter(addTarget(deadLetters.command('list').description('dead letters in the order in which they were parked')))
    .option('--limit <number>', 'letters of a service at most', wholeNumber, 50)
    .option('--after <id>', 'where an earlier list of the same service ended')
    .option('--json', 'one JSON object a service')
    .action(async (flags: ListFlags) => {
      const query = { ...queryOf(flags), limit: String(flags.limit), after: flags.after };
      const targets = flags.after === undefined ? await targetsFrom(flags) : [await targetFrom(flags)];
      const pages = await Promise.all(targets.map(async (target) => ({ service: target.service, page: await target.client.list(query) })));
      if (flags.json) return pages.forEach(({ service, page }) => console.log(JSON.stringify({ service, ...page })));
      tellPages(pages);
    });
}

function tellPages(pages: readonly { service: string; page: Listed }[]): void {
  const letters = pages.flatMap(({ service, page }) => page.letters.map((letter) => ({ service, letter })));
  console.log(letters.length === 0 ? 'No dead letters.' : letterTable(letters));
  for (const { service, page } of pages) if (page.next !== null) console.log(`More: --service ${service} --after ${page.next}`);
}

export function addShow(deadLetters: Command): void {
  addTarget(deadLetters.command('show').description('everything about one: error, headers, payload').argument('<id>')).action(async (id: string, flags: TargetFlags) => {
    const { client } = await targetFrom(flags);
    console.log(JSON.stringify(await client.show(id), null, 2));
  });
}

export function addStats(deadLetters: Command): void {
  addTarget(deadLetters.command('stats').description('how many, by reason, handler and event; parked keys, due, exhausted, oldest'))
    .option('--json', 'one JSON object a service')
    .action(async (flags: TargetFlags & { json?: true }) => {
      const read = async ({ service, client }: Target) => ({ service, statistics: await client.statistics() });
      const all = await Promise.all((await targetsFrom(flags)).map(read));
      if (flags.json) return all.forEach(({ service, statistics }) => console.log(JSON.stringify({ service, ...statistics })));
      console.log(statisticsTable(all));
    });
}

export function addExport(deadLetters: Command): void {
  addFilter(addTarget(deadLetters.command('export').description('a JSON object a line, original bytes (base64) included, to standard output'))).action(async (flags: TargetFlags & FilterFlags) => {
    for (const { client } of await targetsFrom(flags)) {
      for await (const chunk of await client.export(queryOf(flags))) process.stdout.write(chunk);
    }
  });
}
