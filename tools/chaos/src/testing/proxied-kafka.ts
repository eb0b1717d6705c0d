import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { createTopics, type KafkaConfig, readTopicToEnd } from '@lifeos/kafka';
import type { IncomingRecord } from '@lifeos/events';
import { testAddresses } from './test-addresses.js';
import { FaultProxy } from '../proxy/fault-proxy.js';
import { LostReplies } from '../proxy/lost-replies.js';

/** The broker of the test run: as it is, and behind a proxy. */
export interface ProxiedKafka {
  readonly direct: KafkaConfig;
  readonly proxied: KafkaConfig;
  readonly proxy: FaultProxy;
  readonly replies: LostReplies;
  newTopic(partitions: number): Promise<string>;
  read(topic: string): Promise<IncomingRecord[]>;
}

export async function openProxiedKafka(): Promise<ProxiedKafka> {
  const { brokers } = testAddresses();
  const replies = new LostReplies();
  const port = Number(brokers[0]?.split(':')[1]);
  const proxy = await FaultProxy.open({ target: { port }, inspector: replies.inspector });
  const direct: KafkaConfig = { brokers, clientId: 'chaos-test' };
  const proxied: KafkaConfig = { ...direct, socketFactory: ({ onConnect }) => connect({ host: proxy.host, port: proxy.port }, onConnect) };
  return {
    direct,
    proxied,
    proxy,
    replies,
    newTopic: async (partitions) => {
      const topic = `chaos-${randomBytes(5).toString('hex')}`;
      await createTopics(direct, [{ topic, partitions }]);
      return topic;
    },
    read: async (topic) => {
      const records: IncomingRecord[] = [];
      await readTopicToEnd(direct, topic, (batch) => void records.push(...batch));
      return records;
    },
  };
}
