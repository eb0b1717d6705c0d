import { grantConsents } from '@lifeos/app-testing';
import type { Database } from '@lifeos/postgres';
import { consentPurposes, type ServiceDefinition } from '@lifeos/service';
import { chances, historiesOf, type History } from './histories.js';
import { playInOrder, playShuffled, type Part } from './orders.js';
import { differences, outcomeOf, type Exceptions, type Outcome } from './outcome.js';
import { openService, type Stage } from './stage.js';

export interface Claim extends Exceptions {
  readonly service: ServiceDefinition;
  /** Own events that commands raise; the others of the own topic come from the service itself. Default none. */
  readonly commands?: readonly string[];
  /** What stands in the tables before, as commands left it. */
  readonly prepare?: (database: Database, people: number) => Promise<unknown>;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Findings {
  readonly histories: number;
  /** Events of the shortest history. */
  readonly shortest: number;
  /** Lines that differ; none when the claim holds. */
  readonly differences: readonly string[];
  /** After the run in order: rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

const people = 500;
/** Another one plays other histories: to look for faults, not to judge a change by. */
const seed = Number(process.env['HISTORIES_SEED'] ?? 2026);

let played: History[] | undefined;

/** Plays the histories of many people to a service twice, each time from nothing: once in order, once shuffled and repeated. */
export async function playTwice({ service: definition, commands = [], prepare = () => Promise.resolve(), environment = {}, ...exceptions }: Claim): Promise<Findings> {
  const histories = (played ??= historiesOf(people, seed));
  const ownTopic = `lifeos.${definition.name}.events`;
  const part: Part = { ownTopic, isHeard: ({ type }) => type.topic !== ownTopic || commands.includes(type.name) };
  const service = await openService(definition, environment);
  const endOf = async (play: (stage: Stage) => Promise<void>): Promise<Outcome> => {
    const stage = await service.openStage();
    try {
      await consent(stage, histories);
      await prepare(stage.database, people);
      await play(stage);
      return await outcomeOf(stage.database, exceptions);
    } finally {
      await stage.close();
    }
  };
  try {
    const [inOrder, shuffled] = await Promise.all([
      endOf((stage) => playInOrder(stage, histories, part)),
      endOf((stage) => playShuffled(stage, histories, { ...part, chance: chances(seed + 1) })),
    ]);
      return {
      histories: histories.length,
      shortest: Math.min(...histories.map(({ events }) => events.length)),
      differences: differences(inOrder, shuffled),
      rows: Object.fromEntries([...inOrder].map(([name, rows]) => [name, rows.length])),
    };
  } finally {
    await service.close();
  }
}

/** Consents are read before anything else: two of three people allow everything, the third nothing. */
async function consent({ database }: Stage, histories: readonly History[]): Promise<void> {
  const [first, ...others] = histories.map(({ user }) => user).filter((user) => user % 3 !== 0);
  await grantConsents(database, first ?? 1, consentPurposes);
  await database.query(
    'INSERT INTO consents (user_id, revision, purposes, overrides, changed_at) SELECT person, revision, purposes, overrides, changed_at FROM consents, unnest($1::bigint[]) AS person',
    [others],
  );
}
