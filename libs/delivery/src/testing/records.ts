import type { AnyEventType } from '@lifeos/contracts';
import { QuestCompleted } from '@lifeos/contracts';
import type { IncomingRecord, RecordDecoder } from '@lifeos/events';
import { headersOf, UndecodableRecord } from '@lifeos/events';
import { createHash } from 'node:crypto';
import type { HandlerDefinition } from '../handler.js';

export const topic = 'lifeos.quests.events';

/** The same UUID for the same name. */
export function idOf(name: string | number): string {
  const hex = createHash('md5').update(String(name)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export interface RecordSpec {
  readonly offset: number;
  /** Default: an event of its own for each offset. */
  readonly event?: string | number;
  readonly user?: number;
  readonly partition?: number;
  readonly type?: AnyEventType;
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string | Buffer | undefined>>;
  readonly key?: Buffer | null;
  readonly value?: Buffer | null;
}

/** A QuestCompleted whose quest_id is its offset plus one, as bare Avro: `bareDecoder` reads it. */
export function recordOf({ offset, user = 1, partition = 0, type = QuestCompleted, ...spec }: RecordSpec): IncomingRecord {
  const key = String(user);
  const timestamp = new Date(Date.UTC(2026, 10, 21) + offset);
  const version = spec.version ?? type.version;
  const headers = headersOf({
    eventId: idOf(spec.event ?? offset), recordName: type.recordName, context: type.context, version, timestamp, key,
    correlationId: null, causationId: null, traceparent: null,
  });
  return {
    topic,
    partition,
    offset,
    key: spec.key === undefined ? Buffer.from(key) : spec.key,
    value: spec.value === undefined ? payloadOf(user, offset) : spec.value,
    headers: { ...headers, ...spec.headers },
    timestamp: timestamp.getTime(),
  };
}

function payloadOf(user: number, offset: number): Buffer {
  return QuestCompleted.encode(QuestCompleted.build({
    user_id: user, quest_id: offset + 1, quest_type: 'daily', experience_reward: 25,
    completion_timestamp: new Date(Date.UTC(2026, 10, 21)), auto_completed: false,
  }));
}

/** Reads bare Avro by the version in the header. */
export const bareDecoder: RecordDecoder = {
  decode(record, type) {
    try {
      return type.decode(record.value ?? Buffer.alloc(0), type.version);
    } catch (error) {
      throw new UndecodableRecord(String(error), { cause: error });
    }
  },
};

export function handlerOf(name: string, invoke: HandlerDefinition['invoke'], more: Partial<HandlerDefinition> = {}): HandlerDefinition {
  return { name, aliases: [], types: [QuestCompleted], versions: '>=1.0.0', batch: false, from: 'beginning', timeoutMs: 30_000, invoke, ...more };
}
