import { parseArgs } from 'node:util';

export interface Options {
  /** Names of kill points and trials; empty: all. */
  readonly points: readonly string[];
  readonly seeds: readonly number[];
  /** The seeds were asked for: faults that take long get all of them as well. */
  readonly allSeeds: boolean;
  readonly brokers: 1 | 3;
  readonly quick: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

export const helpText = `npm run chaos -- [options]

Starts broker, registry and database of its own in a temporary folder, runs two services as processes
under load, and hurts them: kills them at named points of an event's life, takes parts away, mutates
records. Afterwards every event must be there, once, in order. Prints progress and a table, writes
.local/chaos/<time>.json. The exit code is 1 when anything was lost, doubled, out of order or too late.

  --points=a,b    these kill points and trials only (--list names them)
  --seeds=n       each kill point and fault with n seeds. Default: kill points 50; parts that go away 10,
                  registry-down 5, services 2, because each of their seeds starts parts or real services anew
  --seed=n        this seed alone: plays again what a report tells
  --brokers=3     on a cluster of three brokers, replication 3, min.insync.replicas 2
  --quick         few seeds, short waits, small numbers: shows that all works
  --list          list kill points and trials
  --help          this text

A seed repeats what is done and when in a service's life, not how the machine schedules it.`;

/** @throws Error naming what is unknown or wrong. */
export function readOptions(argv: readonly string[], known: readonly string[], now: () => number = Date.now): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      points: { type: 'string', multiple: true, default: [] },
      seeds: { type: 'string' },
      seed: { type: 'string' },
      brokers: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const points = values.points.flatMap((names) => names.split(',')).filter((name) => name !== '');
  const unknown = points.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No point ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  if (values.brokers !== '1' && values.brokers !== '3') throw new Error(`--brokers=${values.brokers}: 1 or 3 is wanted.`);
  const count = values.seeds === undefined ? (values.quick ? 2 : 50) : wholeNumber('seeds', values.seeds);
  const seeds = values.seed === undefined ? seedsFrom(Math.floor(now() / 1_000) % 1_000_000, count) : [wholeNumber('seed', values.seed)];
  const allSeeds = values.seeds !== undefined || values.seed !== undefined;
  return { points, seeds, allSeeds, brokers: values.brokers === '3' ? 3 : 1, quick: values.quick, list: values.list, help: values.help };
}

const seedsFrom = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}=${text}: a whole number from 1 up is wanted.`);
  return value;
}
