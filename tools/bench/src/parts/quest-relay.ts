import { QuestCompleted, allEventTypes } from '@lifeos/contracts';
import type { OutgoingRecord, RecordPublisher } from '@lifeos/events';
import { Relay } from '@lifeos/event-log';
import { KafkaRecordPublisher } from '@lifeos/kafka';
import { openSchemaRegistry } from '@lifeos/schema-registry';
import type { BenchEnv } from '../harness/scenario.js';
import { freshTopic } from './kafka.js';
import { recordOf, quest } from './quest-events.js';

/** The real relay over the real publisher; `sent(count)` resolves when the broker has so many records. */
export interface QuestRelay {
  readonly relay: Relay;
  sent(count: number): Promise<void>;
  stop(): Promise<void>;
}

export function openQuestRelay(env: BenchEnv, databaseUrl: string, service = QuestCompleted.context): { relay: QuestRelay; publisher: RecordPublisher } {
  const publisher = new CountingPublisher(new KafkaRecordPublisher({ brokers: env.brokers, clientId: 'bench-relay' }));
  const { ids } = openSchemaRegistry({ url: env.registryUrl }, allEventTypes);
  const relay = new Relay({
    connection: { url: databaseUrl, applicationName: 'bench-relay' },
    service,
    publisher,
    schemaIds: ids,
    onError: (error) => console.error(error),
  });
  const stop = async (): Promise<void> => {
    await relay.stop();
    await publisher.close();
  };
  return { relay: { relay, sent: (count) => publisher.sent(count), stop }, publisher };
}

class CountingPublisher implements RecordPublisher {
  private count = 0;
  private readonly waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(private readonly inner: RecordPublisher) {}

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    await this.inner.publish(records);
    if (records[0]?.topic !== warmUpTopic) this.count += records.length;
    for (const { count, resolve } of this.waiting) if (this.count >= count) resolve();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  sent(count: number): Promise<void> {
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }
}

const warmUpTopic = 'bench-warm-up';

/** Connects a publisher before the clock runs, on a topic that nobody measures. */
export async function warmUp(env: BenchEnv, publisher: Pick<RecordPublisher, 'publish'>): Promise<void> {
  await freshTopic(env.brokers, warmUpTopic);
  await publisher.publish([{ ...recordOf(QuestCompleted, quest(0), { schemaId: 1, key: '1' }), topic: warmUpTopic }]);
}
