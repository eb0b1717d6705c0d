import { parseArgs } from 'node:util';

export interface Options {
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly list: boolean;
  readonly help: boolean;
  readonly profile: boolean;
  readonly repetitions: number | null;
}

export const helpText = `npm run bench -- [options]

Starts PostgreSQL, Kafka and the registry in a temporary folder, measures Life OS and its references in
turn, checks the rows and records that each run left, prints a table and writes .local/bench/<time>.json.

  --only=a,b         run these scenarios only
  --quick            tiny sizes, one repetition: shows that everything works, says nothing about speed
  --repetitions=n    default 3 (1 with --quick)
  --profile          CPU profile of every measuring process in .local/bench/<time>-profiles
  --list             list the scenarios
  --help             this text

A figure below its target is marked in the table. The exit code is 1 when a run failed or left wrong
rows or records, else 0.`;

/** @throws Error naming the option that is unknown or wrong. */
export function readOptions(argv: readonly string[], known: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      repetitions: { type: 'string' },
    },
  });
  const only = values.only.flatMap((names) => names.split(',')).filter((name) => name !== '');
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No scenario ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  return { ...values, only, repetitions: readRepetitions(values.repetitions) };
}

function readRepetitions(text: string | undefined): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--repetitions=${text}: a whole number from 1 up is wanted.`);
  return count;
}
