import { QuestCompleted, type AnyEventType, type EventType, type QuestCompletedPayload } from '@lifeos/contracts';
import { headersOf, newEventId, type OutgoingRecord } from '@lifeos/events';

/** People whose events are measured: enough that keys spread over partitions and rows. */
export const users = 1_000;

/** The n-th quest, always the same one: its sums can be computed instead of remembered. */
export function quest(index: number): QuestCompletedPayload {
  return QuestCompleted.build({
    user_id: 1 + (index % users),
    quest_id: 1 + index,
    quest_type: 'daily',
    experience_reward: reward(index),
    completion_timestamp: new Date(1_750_000_000_000 + index),
    auto_completed: false,
  });
}

function reward(index: number): number {
  return 10 + (index % 90);
}

/** Experience of the first `count` quests together. */
export function experienceOf(count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += reward(index);
  return sum;
}

/** Confluent framing: byte 0, the registry's id, bare Avro. */
export function framed(schemaId: number, avro: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(5 + avro.length);
  frame.writeUInt8(0, 0);
  frame.writeInt32BE(schemaId, 1);
  avro.copy(frame, 5);
  return frame;
}

/** The record of one quest as the relay would send it, with all headers of a traced event. */
export function questRecord(index: number, schemaId: number): OutgoingRecord {
  const payload = quest(index);
  return recordOf(QuestCompleted, payload, { schemaId, key: String(payload.user_id) });
}

/** A record as the relay would send it, under ids of its own. */
export function recordOf<P extends object>(type: EventType<P, never>, payload: P, { schemaId, key }: { schemaId: number; key: string }): OutgoingRecord {
  return {
    topic: topicOf(type),
    key,
    value: framed(schemaId, type.encode(payload)),
    headers: headersOf({
      eventId: newEventId(),
      recordName: type.recordName,
      context: type.context,
      version: type.version,
      timestamp: new Date(),
      key,
      correlationId: newEventId(),
      causationId: newEventId(),
      traceparent: `00-${newEventId().replaceAll('-', '')}-00f067aa0ba902b7-01`,
    }),
  };
}

export function topicOf({ name, topic }: AnyEventType): string {
  if (topic === null) throw new Error(`${name} is a private event.`);
  return topic;
}
