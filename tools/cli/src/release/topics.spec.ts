import { describe, expect, it } from '@jest/globals';
import { services } from './services.js';
import { topicSpecs } from './topics.js';

describe('topicSpecs', () => {
  const specs = new Map(topicSpecs().map((spec) => [spec.topic, spec]));

  it('keeps the events of a context for ever, on six partitions', () => {
    expect(specs.get('lifeos.quests.events')).toEqual({ topic: 'lifeos.quests.events', partitions: 6, config: { 'retention.ms': '-1' } });
  });

  it('keeps the newest consent of each person', () => {
    expect(specs.get('lifeos.privacy.consents')?.config).toEqual({ 'cleanup.policy': 'compact' });
  });

  it('has dead letters for each service, and no topic twice', () => {
    for (const service of services) expect(specs.has(`lifeos.${service}.dead-letters`)).toBe(true);
    expect(specs.size).toBe(topicSpecs().length);
  });
});
