import type { AnyEventType } from '@lifeos/contracts';
import type { HandlerDefinition } from '@lifeos/delivery';
import { topicOffsets, type ConsumerOptions, type KafkaConfig, type TopicPartition } from '@lifeos/kafka';
import type { Queryable } from '@lifeos/postgres';
import { topicsOf } from './topics-of.js';

type Starts = NonNullable<ConsumerOptions['positions']>;
type Handler = Pick<HandlerDefinition, 'name' | 'aliases' | 'types' | 'from'>;

/**
 * Where the service's database says that a partition goes on: the lowest position of its handlers; the
 * partition's beginning as soon as one of them still has everything before it. Without that a rebuilt
 * service, whose group stands at the end, would wait for the next record before it read the old ones.
 */
export function partitionStarts(handlers: readonly Handler[], known: readonly AnyEventType[], { database, kafka }: { database: Queryable; kafka: KafkaConfig }): Starts {
  const heard = new Map(handlers.map((handler) => [handler, new Set(topicsOf([handler], known))]));
  return async (partitions) => {
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    const positions = await positionsIn(database, topics);
    const lows = new Map<string, Promise<ReadonlyMap<number, number>>>();
    const lowOf = async ({ topic, partition }: TopicPartition): Promise<number | undefined> => {
      if (!lows.has(topic)) lows.set(topic, lowOffsets(kafka, topic));
      return (await lows.get(topic))?.get(partition);
    };
    const starts = await Promise.all(
      partitions.map(async (at) => {
        const stored = positions.get(keyOf(at));
        const isNew = handlers.some((handler) => heard.get(handler)?.has(at.topic) && handler.from !== 'latest' && !stored?.has(idOf(handler)));
        const known = handlers.flatMap((handler) => stored?.get(idOf(handler)) ?? []);
        const offset = isNew ? await lowOf(at) : known.length > 0 ? Math.min(...known) : undefined;
        return offset === undefined ? [] : [{ topic: at.topic, partition: at.partition, offset }];
      }),
    );
    return starts.flat();
  };
}

/** Next offsets by handler, for each partition that any handler has a position in. */
async function positionsIn(database: Queryable, topics: readonly string[]): Promise<Map<string, Map<string, number>>> {
  const sql = 'SELECT handler, topic, partition, next_offset FROM consumer_positions WHERE topic = ANY($1)';
  const { rows } = await database.query<TopicPartition & { handler: string; next_offset: string }>(sql, [topics]);
  const positions = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const ofPartition = positions.get(keyOf(row)) ?? new Map<string, number>();
    positions.set(keyOf(row), ofPartition.set(row.handler, Number(row.next_offset)));
  }
  return positions;
}

async function lowOffsets(kafka: KafkaConfig, topic: string): Promise<ReadonlyMap<number, number>> {
  return new Map((await topicOffsets(kafka, topic)).map(({ partition, low }) => [partition, low]));
}

/** A renamed handler keeps its positions under its first name. */
function idOf({ name, aliases }: Handler): string {
  return aliases[0] ?? name;
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
