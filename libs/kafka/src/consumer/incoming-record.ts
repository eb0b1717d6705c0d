import type { KafkaMessage } from 'kafkajs';
import type { IncomingRecord } from '@lifeos/events';

const noHeaders = {};

export function incomingRecord(topic: string, partition: number, message: KafkaMessage): IncomingRecord {
  return {
    topic,
    partition,
    offset: Number(message.offset),
    key: message.key,
    value: message.value,
    headers: message.headers ?? noHeaders,
    timestamp: Number(message.timestamp),
  };
}
