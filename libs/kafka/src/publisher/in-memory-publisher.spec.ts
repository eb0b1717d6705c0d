import { expect, it } from '@jest/globals';
import { PublishFailed } from '@lifeos/events';
import { recordPublisherContract } from '../testing/record-publisher-contract.js';
import { InMemoryPublisher } from './in-memory-publisher.js';

recordPublisherContract('in memory', async () => {
  const publisher = new InMemoryPublisher({ partitions: 6 });
  return {
    publisher,
    topic: 'lifeos.test.events',
    partitions: 6,
    oversized: Buffer.alloc(1_000_001),
    read: async () => publisher.records('lifeos.test.events'),
    failNext: async () => publisher.failNext('nothing-written'),
  };
});

it('can lose an answer after it wrote, so that the same records come twice', async () => {
  const publisher = new InMemoryPublisher();
  const record = { topic: 'lifeos.test.events', key: '1', value: Buffer.from('a'), headers: {} };
  publisher.failNext('answer-lost');
  await expect(publisher.publish([record])).rejects.toThrow(PublishFailed);
  await publisher.publish([record]);
  expect(publisher.records('lifeos.test.events')).toHaveLength(2);
});
