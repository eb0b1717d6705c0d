import { allEventTypes, type AnyEventType, ExperienceAwarded, QuestCompleted } from '@lifeos/contracts';
import { headersOf, type IncomingRecord } from '@lifeos/events';
import type { Random } from '../harness/random.js';
import { mutations } from './mutations.js';
import { randomUuid, randomBytes } from './random-bytes.js';

export const fuzzTopic = 'lifeos.fuzz.events';

/** Registry ids as the fuzz gives them out: each schema of the catalog by its place. */
export const schemas = allEventTypes.flatMap((type) => [...type.schemas].map(([version, schema]) => ({ type, version, schema })));

const idOf = (type: AnyEventType): number => 1 + schemas.findIndex((each) => each.type === type && each.version === type.version);

/** A record at the offset: some sound, most hurt in one to three ways, some nothing but random bytes. */
export function fuzzRecord(random: Random, offset: number): IncomingRecord {
  const record = random.chance(0.1) ? noise(random, offset) : sound(random, offset);
  if (random.chance(0.2)) return record;
  let hurt = record;
  for (let times = 1 + random.upTo(2); times > 0; times -= 1) hurt = mutations[random.upTo(mutations.length - 1)]?.(hurt, random) ?? hurt;
  return hurt;
}

function sound(random: Random, offset: number): IncomingRecord {
  const user = 1 + random.upTo(1e9);
  const type = random.chance(0.5) ? QuestCompleted : allEventTypes[random.upTo(allEventTypes.length - 1)] ?? QuestCompleted;
  return recordOf(type, framed(idOf(type), payloadOf(type, { user, random })), { user, offset, random });
}

/** Random bytes stand for the payload of all types but two: nearly all of those are damaged. */
function payloadOf(type: AnyEventType, { user, random }: { user: number; random: Random }): Buffer {
  if (type === QuestCompleted) {
    return QuestCompleted.encode(QuestCompleted.build({
      user_id: user, quest_id: 1 + random.upTo(1e6), quest_type: 'daily', experience_reward: random.upTo(500), completion_timestamp: new Date(1.7e12 + random.upTo(1e9)), auto_completed: false,
    }));
  }
  if (type === ExperienceAwarded) {
    return ExperienceAwarded.encode(ExperienceAwarded.build({ user_id: user, experience_points: 1 + random.upTo(500), source_type: 'quest', source_id: random.upTo(1e6), reason: 'quest' }));
  }
  return randomBytes(random, random.upTo(120));
}

function noise(random: Random, offset: number): IncomingRecord {
  const type = allEventTypes[random.upTo(allEventTypes.length - 1)] ?? QuestCompleted;
  return recordOf(type, randomBytes(random, random.upTo(300)), { user: 1 + random.upTo(1e9), offset, random });
}

function recordOf(type: AnyEventType, value: Buffer, { user, offset, random }: { user: number; offset: number; random: Random }): IncomingRecord {
  const key = String(user);
  const timestamp = new Date(1.7e12 + offset);
  const identity = { eventId: randomUuid(random), key, timestamp, correlationId: randomUuid(random), causationId: null, traceparent: null };
  return {
    topic: fuzzTopic,
    partition: 0,
    offset,
    key: Buffer.from(key),
    value,
    headers: headersOf({ ...identity, recordName: type.recordName, context: type.context, version: type.version }),
    timestamp: timestamp.getTime(),
  };
}

function framed(id: number, payload: Buffer): Buffer {
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(id, 1);
  return Buffer.concat([frame, payload]);
}
