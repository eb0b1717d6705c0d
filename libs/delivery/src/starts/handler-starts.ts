import type { AnyEventType, UpcastChains } from '@lifeos/contracts';
import type { Database, Queryable, Transaction } from '@lifeos/postgres';
import type { HandlerDefinition } from '../handler.js';
import type { PartitionOf } from '../positions.js';
import { startText } from '../positions.js';
import { subscriptionsOf, TopicRoutes, type Subscription } from '../subscriptions.js';
import { firstPositions, type FirstPosition, type KnownPosition, type Listener, type PartitionBounds } from './first-positions.js';
import { goLive } from './join.js';

export interface HandlerStartsOptions {
  readonly handlers: readonly HandlerDefinition[];
  readonly database: Database;
  readonly knownTypes: readonly AnyEventType[];
  /** How older majors are read as newer ones. Default: those of the catalog. */
  readonly upcasts?: UpcastChains;
  /** Next offsets by partition of the first records not older than a time. */
  readonly offsetsAt: (topic: string, time: Date) => Promise<ReadonlyMap<number, number>>;
}

/** A handler whose history another group than the service's has yet to read there. */
export interface CatchingUp extends PartitionOf {
  readonly handler: string;
  /** It is as far as the service's group. */
  readonly hasCaughtUp: boolean;
}

/** Keeps where each handler of a service begins, and which of them have yet to catch up with its group. */
export class HandlerStarts {
  private readonly subscriptions: readonly Subscription[];
  private readonly ids: readonly string[];

  /** @throws HandlerNameTaken, InvalidVersionRange, VersionGapsInRange */
  constructor(private readonly options: HandlerStartsOptions) {
    this.subscriptions = subscriptionsOf(options.handlers, options.knownTypes, options.upcasts);
    this.ids = this.subscriptions.map(({ id }) => id);
  }

  /**
   * Where the service's group goes on in partitions that it has just got: at the lowest position of the
   * handlers that it feeds. Handlers that are new there get their first positions before.
   */
  async begin(partitions: readonly PartitionBounds[]): Promise<(PartitionOf & { offset: number })[]> {
    const { database } = this.options;
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    const known = await this.positions(database, topics);
    const first = await this.firstPositions(partitions, known);
    if (first.length > 0) await database.query(insert, columnsOf(first));
    const now = first.length > 0 ? await this.positions(database, topics) : known;
    const starts = await Promise.all(partitions.map((at) => this.startOf(at, now)));
    return starts.flat();
  }

  /** Where a handler that catches up goes on; nothing for partitions in which it does not. */
  async catchUpFrom(handler: string): Promise<(PartitionOf & { offset: number })[]> {
    const sql = 'SELECT topic, partition, next_offset::float8 AS offset FROM consumer_positions WHERE handler = $1 AND live_at IS NULL';
    return (await this.options.database.query<PartitionOf & { offset: number }>(sql, [handler])).rows;
  }

  async catchingUp(): Promise<CatchingUp[]> {
    return (await this.options.database.query<CatchingUp>(catchingUp, [this.ids])).rows;
  }

  /**
   * Lets a handler go live that has come up to its group: for partitions in which nothing happens; elsewhere the
   * group's next batch does it. Call it for partitions that this instance consumes, else a member that does not
   * know the handler would go on without it. Returns true when it has.
   */
  goLiveIfCaughtUp({ handler, topic, partition }: Omit<CatchingUp, 'hasCaughtUp'>): Promise<boolean> {
    const at = { topic, partition };
    return this.options.database.transaction({ keys: [] }, async (tx) => {
      const locked = await tx.query<{ next_offset: string }>(lockCatchingUp, [topic, partition, handler]);
      const [row] = locked.rows;
      if (row === undefined) return false;
      const next = await nextOfGroup(tx, at, this.ids);
      if (next !== null && Number(row.next_offset) < next) return false;
      await goLive(tx, at, [handler]);
      return true;
    });
  }

  /** Where nobody is live, whoever has come furthest with a history has nobody to join: its group becomes the service's. */
  private async startOf(at: PartitionBounds, known: readonly KnownPosition[]): Promise<(PartitionOf & { offset: number })[]> {
    const { topic, partition } = at;
    const here = known.filter((position) => position.topic === topic && position.partition === partition);
    const live = here.filter(({ isLive }) => isLive);
    if (live.length === 0 && here.length > 0) await this.options.database.transaction({ keys: [] }, (tx) => goLive(tx, at, here.map(({ handler }) => handler)));
    const fed = live.length > 0 ? live : here;
    return fed.length === 0 ? [] : [{ topic, partition, offset: Math.min(...fed.map(({ next }) => next)) }];
  }

  private async positions(db: Queryable, topics: readonly string[]): Promise<KnownPosition[]> {
    const sql = `SELECT handler, topic, partition, next_offset::float8 AS next, live_at IS NOT NULL AS "isLive" FROM consumer_positions WHERE topic = ANY($1) AND handler = ANY($2)`;
    return (await db.query<KnownPosition>(sql, [topics, this.ids])).rows;
  }

  private async firstPositions(partitions: readonly PartitionBounds[], known: readonly KnownPosition[]): Promise<FirstPosition[]> {
    const times = new Map<string, Promise<ReadonlyMap<number, number>>>();
    const key = (topic: string, time: Date): string => `${topic} ${time.toISOString()}`;
    for (const { topic } of partitions) {
      for (const { from } of this.listenersOf(topic)) {
        if (typeof from !== 'string' && !times.has(key(topic, from.timestamp))) times.set(key(topic, from.timestamp), this.options.offsetsAt(topic, from.timestamp));
      }
    }
    const offsets = new Map(await Promise.all([...times].map(async ([name, found]) => [name, await found] as const)));
    return partitions.flatMap((at) =>
      firstPositions(at, this.listenersOf(at.topic), known, ({ topic, partition }, time) => offsets.get(key(topic, time))?.get(partition) ?? at.high),
    );
  }

  private listenersOf(topic: string): Listener[] {
    const { subscriptions } = new TopicRoutes(topic, this.subscriptions, this.options.knownTypes);
    return subscriptions.map(({ id, handler: { from } }) => ({ handler: id, from }));
  }
}

const catchingUp = `SELECT c.handler, c.topic, c.partition, c.next_offset >= coalesce((
    SELECT max(l.next_offset) FROM consumer_positions l
    WHERE l.topic = c.topic AND l.partition = c.partition AND l.live_at IS NOT NULL AND l.handler = ANY($1)), 0) AS "hasCaughtUp"
  FROM consumer_positions c WHERE c.live_at IS NULL AND c.handler = ANY($1) ORDER BY 1, 2, 3`;

const lockCatchingUp = 'SELECT next_offset FROM consumer_positions WHERE topic = $1 AND partition = $2 AND handler = $3 AND live_at IS NULL FOR UPDATE';

const insert = `INSERT INTO consumer_positions (handler, topic, partition, next_offset, start_from, start_offset, live_at)
  SELECT handler, topic, partition, start_offset, start_from, start_offset, live_at
  FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::bigint[], $6::bigint[]) AS fresh (handler, topic, partition, start_from, start_offset, live_at)
  ON CONFLICT DO NOTHING`;

function columnsOf(first: readonly FirstPosition[]): unknown[][] {
  const column = <T>(value: (one: FirstPosition) => T): T[] => first.map(value);
  return [column(({ handler }) => handler), column(({ topic }) => topic), column(({ partition }) => partition), column(({ from }) => startText(from)), column(({ start }) => start), column(({ liveAt }) => liveAt)];
}

async function nextOfGroup(tx: Transaction, { topic, partition }: PartitionOf, group: readonly string[]): Promise<number | null> {
  const sql = 'SELECT max(next_offset)::float8 AS next FROM consumer_positions WHERE topic = $1 AND partition = $2 AND handler = ANY($3) AND live_at IS NOT NULL';
  return (await tx.query<{ next: number | null }>(sql, [topic, partition, group])).rows[0]?.next ?? null;
}
