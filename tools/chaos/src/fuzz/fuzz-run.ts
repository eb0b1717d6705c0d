import { allEventTypes } from '@lifeos/contracts';
import { BatchProcessor, type HandlerDefinition, noMetrics, type SkipReason } from '@lifeos/delivery';
import { EventLog } from '@lifeos/event-log';
import { UnknownSchemaId } from '@lifeos/events';
import { type Database, openDatabase } from '@lifeos/postgres';
import { AvroRecordDecoder, RegisteredSchemaIds, WriterSchemas } from '@lifeos/schema-registry';
import { randomFrom } from '../harness/random.js';
import { fuzzRecord, fuzzTopic, schemas } from './fuzz-records.js';

export interface FuzzJob {
  readonly databaseUrl: string;
  readonly records: number;
  readonly seed: number;
}

export interface FuzzReport {
  readonly records: number;
  readonly handled: number;
  readonly skipped: Readonly<Record<string, number>>;
  /** Dead letters by reason; `follower` for those behind another of their key. */
  readonly parked: Readonly<Record<string, number>>;
  /** Batches that did not simply end. */
  readonly stops: readonly string[];
  readonly heapGrowthMb: number;
}

const batchSize = 500;
const batchesAnEmptying = 15;
const mostStops = 10;
/** Caches fill and code is compiled in the first part; growth is counted from there. */
const warmUpShare = 0.2;

/** Gives mutated records to the real decoder and the real processor, on a real database. */
export async function runFuzz({ databaseUrl, records, seed }: FuzzJob): Promise<FuzzReport> {
  const database = openDatabase({ url: databaseUrl, applicationName: 'fuzz' });
  const count: Count = { handled: 0, skipped: {} };
  const processor = processorOn(database, await openDecoder(), count);
  const random = randomFrom(seed);
  const stops: string[] = [];
  const parked: Record<string, number> = {};
  let heapBefore = 0;
  for (let from = 0; from < records; from += batchSize) {
    if (heapBefore === 0 && from >= records * warmUpShare) heapBefore = heapMb();
    const size = Math.min(batchSize, records - from);
    const batch = Array.from({ length: size }, (_, index) => fuzzRecord(random, from + index));
    const outcome = await processor.process({ topic: fuzzTopic, partition: 0, records: batch, fetchedOffset: from, highWatermark: from + size }, new AbortController().signal);
    if (outcome.kind !== 'done' || outcome.nextOffset !== from + size) stops.push(`at ${from}: ${JSON.stringify(outcome)}`);
    if (stops.length >= mostStops) break;
    if ((from / batchSize) % batchesAnEmptying === 0) await emptyInto(parked, database);
  }
  const heapGrowthMb = heapMb() - heapBefore;
  await emptyInto(parked, database);
  await database.close();
  return { records, ...count, parked, stops, heapGrowthMb };
}

interface Count {
  handled: number;
  skipped: Record<string, number>;
}

function processorOn(database: Database, decoder: AvroRecordDecoder, count: Count): BatchProcessor {
  const everything: HandlerDefinition = {
    name: 'takes-everything', aliases: [], types: '*', versions: '>=1.0.0', batch: true, from: 'beginning', timeoutMs: 30_000,
    // Reading every field shows that what was decoded is whole.
    invoke: async (events) => void JSON.stringify(events.map(({ payload }) => payload), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  };
  return new BatchProcessor({
    handlers: [everything],
    decoder,
    database,
    eventLog: new EventLog({ database, service: 'fuzz', types: allEventTypes }),
    knownTypes: allEventTypes,
    metrics: {
      ...noMetrics,
      handled: ({ events }) => void (count.handled += events),
      skipped: (_, reason: SkipReason, records) => void (count.skipped[reason] = (count.skipped[reason] ?? 0) + records),
    },
  });
}

/** The real decoder on a registry that answers at once: half of the catalog is known beforehand, the rest is asked for. */
async function openDecoder(): Promise<AvroRecordDecoder> {
  const texts = schemas.map(({ schema }) => JSON.stringify(schema));
  const registry = {
    idOf: async (_: string, text: string) => 1 + texts.indexOf(text),
    schemaById: async (id: number) => {
      const schema = texts[id - 1];
      if (schema === undefined) throw new UnknownSchemaId(id);
      return { schema, schemaType: 'AVRO' };
    },
  };
  const ids = new RegisteredSchemaIds(registry, allEventTypes);
  await ids.prefetch(allEventTypes.filter((_, index) => index % 2 === 0));
  return new AvroRecordDecoder(ids, new WriterSchemas(registry));
}

/** Counts the letters by their reasons, and takes them away: at 10 000 heads delivery would slow down, as it should. */
async function emptyInto(parked: Record<string, number>, database: Database): Promise<void> {
  const { rows } = await database.query<{ reason: string; count: string }>("SELECT coalesce(reason, 'follower') AS reason, count(*) FROM dead_letters GROUP BY 1");
  for (const { reason, count } of rows) parked[reason] = (parked[reason] ?? 0) + Number(count);
  await database.query('TRUNCATE dead_letters CASCADE');
}

function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((total, count) => total + count, 0);

/** Records of which nothing is known: neither handled, nor skipped with a reason, nor parked with one. */
export const unclassified = ({ records, handled, skipped, parked }: FuzzReport): number => records - handled - sum(skipped) - sum(parked);
