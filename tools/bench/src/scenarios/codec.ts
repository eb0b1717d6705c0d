import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { compileSchema, HabitCompleted, QuestCompleted, type HabitCompletedPayload, type QuestCompletedPayload } from '@lifeos/contracts';
import type { IncomingRecord } from '@lifeos/events';
import { frame, openSchemaRegistry } from '@lifeos/schema-registry';
import type avsc from 'avsc';
import { size, type BenchEnv, type Check, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { callsPerSecond } from '../parts/hot-loop.js';
import { framed, quest } from '../parts/quest-events.js';
import { registerSchema } from '../parts/registry.js';

const events = 500;
/** Written by producers that do not know the newest version yet. */
const olderVersion = '1.0.0';

/** One way to turn payloads into framed bytes and back; synchronous ones return no promise. */
interface Codec<Input> {
  encode(payload: QuestCompletedPayload): Buffer | Promise<Buffer>;
  /** What a consumer would hand to the decoder; made before the clock runs. */
  inputOf(bytes: Buffer, version: string): Input;
  decode(input: Input): unknown;
  /** Reads what the older version wrote as the newest. */
  decodeOlder(input: Input): unknown;
}

async function prepare(env: BenchEnv): Promise<Prepared> {
  return {
    questId: await registerSchema(env.registryUrl, QuestCompleted),
    habitId: await registerSchema(env.registryUrl, HabitCompleted, olderVersion),
  };
}

async function measure<Input>(env: BenchEnv, codec: Codec<Input>): Promise<Outcome> {
  const quests = Array.from({ length: events }, (_, index) => quest(index));
  const older = olderHabit();
  const questBytes = quests.map((payload) => framed(Number(env.prepared['questId']), QuestCompleted.encode(payload)));
  const habitBytes = Array.from({ length: events }, (_, index) => framed(Number(env.prepared['habitId']), older.toBuffer(habitOfOlder(index))));
  const ms = size(env, 1_500, 100);
  const at = <T>(list: readonly T[], index: number): T => list[index % events] as T;
  const questInputs = questBytes.map((bytes) => codec.inputOf(bytes, QuestCompleted.version));
  const habitInputs = habitBytes.map((bytes) => codec.inputOf(bytes, olderVersion));
  const checks = await checkCodec(codec, { quests, questBytes, questInputs, habitInputs });
  return {
    figures: {
      encode: await callsPerSecond((index) => codec.encode(at(quests, index)), ms),
      decode: await callsPerSecond((index) => codec.decode(at(questInputs, index)), ms),
      decodeOlder: await callsPerSecond((index) => codec.decodeOlder(at(habitInputs, index)), ms),
    },
    checks,
  };
}

interface Samples<Input> {
  readonly quests: readonly QuestCompletedPayload[];
  readonly questBytes: readonly Buffer[];
  readonly questInputs: readonly Input[];
  readonly habitInputs: readonly Input[];
}

/** Every sample goes through once; what differs is counted. */
async function checkCodec<Input>(codec: Codec<Input>, { quests, questBytes, questInputs, habitInputs }: Samples<Input>): Promise<Check[]> {
  let wrong = { encode: 0, decode: 0, decodeOlder: 0 };
  for (const [index, payload] of quests.entries()) {
    const bytes = await codec.encode(payload);
    const read = await codec.decode(questInputs[index] as Input);
    const older = await codec.decodeOlder(habitInputs[index] as Input);
    wrong = {
      encode: wrong.encode + Number(!bytes.equals(questBytes[index] as Buffer)),
      decode: wrong.decode + Number(QuestCompleted.encode(read as QuestCompletedPayload).compare(QuestCompleted.encode(payload)) !== 0),
      decodeOlder: wrong.decodeOlder + Number((older as HabitCompletedPayload).habit_id !== index + 1 || (older as HabitCompletedPayload).frequency !== 'daily'),
    };
  }
  return Object.entries(wrong).map(([what, actual]) => ({ what: `wrong answers of ${what}`, expected: 0, actual }));
}

function olderHabit(): avsc.Type {
  const schema = HabitCompleted.schemas.get(olderVersion);
  if (schema === undefined) throw new Error(`HabitCompleted has no version ${olderVersion}.`);
  return compileSchema(schema);
}

function habitOfOlder(index: number): object {
  return { user_id: 1 + index, habit_id: 1 + index, completion_date: '2026-03-01', streak_count: 1 + (index % 30), experience_reward: 20 };
}

/** Bare avsc: type and resolver made once, five bytes before the value. */
async function rawAvsc(env: BenchEnv): Promise<Outcome> {
  const id = Number(env.prepared['questId']);
  const resolver = HabitCompleted.avroType.createResolver(olderHabit());
  return measure(env, {
    encode: (payload) => framed(id, QuestCompleted.avroType.toBuffer(payload)),
    inputOf: (bytes) => bytes,
    decode: (bytes) => QuestCompleted.avroType.fromBuffer(bytes.subarray(5)),
    decodeOlder: (bytes) => HabitCompleted.avroType.fromBuffer(bytes.subarray(5), resolver),
  });
}

/** The registry client of the kafkajs project; its reader is given as a parsed type, its fastest form. */
async function kafkajsRegistry(env: BenchEnv): Promise<Outcome> {
  const registry = new SchemaRegistry({ host: env.registryUrl }, { AVRO: { logicalTypes: sameLogicalTypes() } });
  const id = Number(env.prepared['questId']);
  const readerSchema = (type: avsc.Type) => ({ AVRO: { readerSchema: type } });
  const questReader = readerSchema(QuestCompleted.avroType);
  const habitReader = readerSchema(HabitCompleted.avroType);
  return measure(env, {
    encode: (payload) => registry.encode(id, payload),
    inputOf: (bytes) => bytes,
    decode: (bytes) => registry.decode(bytes, questReader),
    decodeOlder: (bytes) => registry.decode(bytes, habitReader),
  });
}

/** Ours: the event type encodes, the service's decoder reads records by their id and compares the version header. */
async function lifeos(env: BenchEnv): Promise<Outcome> {
  const id = Number(env.prepared['questId']);
  const { decoder } = openSchemaRegistry({ url: env.registryUrl }, [QuestCompleted, HabitCompleted]);
  return measure(env, {
    encode: (payload) => frame(id, QuestCompleted.encode(payload)),
    inputOf: recordWith,
    decode: (record) => decoder.decode(record, QuestCompleted),
    decodeOlder: (record) => decoder.decode(record, HabitCompleted),
  });
}

function recordWith(value: Buffer, version: string): IncomingRecord {
  const headers = { ce_eventversion: Buffer.from(version) };
  return { topic: 'lifeos.quests.events', partition: 0, offset: 0, key: Buffer.from('1'), value, headers, timestamp: 0 };
}

/** The classes that the contracts use, so that both sides do the same conversions. */
function sameLogicalTypes(): Record<string, new () => avsc.types.LogicalType> {
  const type = QuestCompleted.avroType as avsc.types.RecordType;
  const timestamp = type.field('completion_timestamp').type;
  return { 'timestamp-millis': timestamp.constructor as new () => avsc.types.LogicalType };
}

export const codec: Scenario = {
  name: 'codec',
  about: 'framed Avro to payload and back, QuestCompleted; and HabitCompleted 1.0.0 read as the newest version',
  needs: ['postgres', 'registry'],
  prepare,
  contestants: [
    { name: 'avsc', run: rawAvsc },
    { name: 'registry', run: kafkajsRegistry },
    { name: 'lifeos', run: lifeos },
  ],
  rows: [
    { what: 'encode: bare avsc and framing', figure: 'avsc.encode', unit: 'events/s' },
    { what: 'encode: @kafkajs registry client', figure: 'registry.encode', unit: 'events/s', reference: 'avsc.encode' },
    { what: 'encode: Life OS', figure: 'lifeos.encode', unit: 'events/s', reference: 'avsc.encode', target: { of: 'ratio', atLeast: 0.6 } },
    { what: 'decode: bare avsc', figure: 'avsc.decode', unit: 'events/s' },
    { what: 'decode: @kafkajs registry client, parsed reader', figure: 'registry.decode', unit: 'events/s', reference: 'avsc.decode' },
    { what: 'decode: Life OS', figure: 'lifeos.decode', unit: 'events/s', reference: 'avsc.decode', target: { of: 'ratio', atLeast: 0.6 } },
    { what: 'decode older: @kafkajs registry client, parsed reader', figure: 'registry.decodeOlder', unit: 'events/s' },
    { what: 'decode older: bare avsc, resolver kept', figure: 'avsc.decodeOlder', unit: 'events/s', reference: 'registry.decodeOlder' },
    { what: 'decode older: Life OS', figure: 'lifeos.decodeOlder', unit: 'events/s', reference: 'registry.decodeOlder', target: { of: 'ratio', atLeast: 5 } },
  ],
};
