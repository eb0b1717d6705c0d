import { describe, expect, it } from '@jest/globals';
import { Assignment, type ConsumerControls } from './assignment.js';
import { consumerPlan, type FirstTopic } from './consumer-config.js';
import { Slots } from './slots.js';

const topics = ['lifeos.privacy.consents', 'lifeos.quests.events'];
const [consents = '', quests = ''] = topics;

/** Both topics hold five records on one partition, nothing is done yet. */
function assigned(first: FirstTopic | undefined, offsets: ConsumerControls['offsets'] = async (topic) => [{ topic, partition: 0, low: 0, high: 5 }]) {
  const ignore = (): void => undefined;
  const controls: ConsumerControls = { pause: ignore, resume: ignore, seek: ignore, offsets, committed: async () => [] };
  const plan = consumerPlan({
    kafka: { brokers: ['127.0.0.1:1'], clientId: 'test' }, groupId: 'test', topics, processor: { process: () => Promise.reject(new Error('unused')) },
    ...(first === undefined ? {} : { first }),
  });
  const assignment = new Assignment({ [consents]: [0], [quests]: [0] }, plan, controls, new Slots(1));
  const begun = (): string[] => assignment.states.filter(({ status }) => status === 'running').map(({ topic }) => topic);
  return { assignment, begun };
}

describe('an assignment', () => {
  it('begins with all topics together, when none comes first', async () => {
    const { assignment, begun } = assigned(undefined);
    await assignment.begin(null);
    expect(begun()).toEqual(topics);
  });

  it('V-8: begins with no other topic before the first one is read to where it ended', async () => {
    const asked: number[] = [];
    const seen: string[][] = [];
    let read = 0;
    const { assignment, begun } = assigned({
      topic: consents,
      isRead: async (ends) => {
        asked.push(...ends.map(({ high }) => high));
        seen.push(begun());
        return asked.length === 3;
      },
      onRead: () => (read += 1),
    });
    await assignment.begin(null);
    expect(asked).toEqual([5, 5, 5]);
    expect(seen).toEqual([[consents], [consents], [consents]]);
    expect([begun(), read]).toEqual([topics, 1]);
  });

  it('V-8: goes on asking when database or broker do not answer', async () => {
    let asked = 0;
    const isRead = (): Promise<boolean> => ((asked += 1) < 2 ? Promise.reject(new Error('away')) : Promise.resolve(true));
    const { assignment, begun } = assigned({ topic: consents, isRead, onRead: () => undefined });
    await assignment.begin(null);
    expect([asked, begun()]).toEqual([2, topics]);
  });

  it('V-8: begins with nothing more when the partitions are lost meanwhile', async () => {
    const lost: (() => void)[] = [];
    let read = 0;
    const isRead = async (): Promise<boolean> => {
      lost.forEach((lose) => lose());
      return true;
    };
    const { assignment, begun } = assigned({ topic: consents, isRead, onRead: () => (read += 1) });
    lost.push(() => assignment.lose(new Error('rebalanced')));
    await assignment.begin(null);
    expect([read, begun()]).toEqual([0, [consents]]);
  });
});
