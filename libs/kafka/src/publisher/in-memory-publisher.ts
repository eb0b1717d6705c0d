import { PublishFailed, RecordRefused, type IncomingRecord, type OutgoingRecord, type RecordPublisher } from '@lifeos/events';
import { OneAtATime } from './one-at-a-time.js';
import { partitionFor } from './partition-for.js';

export interface InMemorySettings {
  /** Partitions of every topic. Default 6. */
  readonly partitions?: number;
  /** A record whose value is larger is refused, as a broker refuses it. Default 1 MB. */
  readonly maxRecordBytes?: number;
}

/** What goes wrong with the next publish: nothing is written, or all is written and only the answer is lost. */
export type InjectedFailure = 'nothing-written' | 'answer-lost';

/** Twin of the Kafka publisher for tests: same order, same refusals, records kept by topic and partition. */
export class InMemoryPublisher implements RecordPublisher {
  private readonly calls = new OneAtATime();
  private readonly failures: InjectedFailure[] = [];
  private readonly topics = new Map<string, IncomingRecord[][]>();
  private readonly partitions: number;
  private readonly maxRecordBytes: number;

  constructor(settings: InMemorySettings = {}) {
    this.partitions = settings.partitions ?? 6;
    this.maxRecordBytes = settings.maxRecordBytes ?? 1_000_000;
  }

  /** The next publishes fail so, one for each. */
  failNext(...failures: readonly InjectedFailure[]): void {
    this.failures.push(...failures);
  }

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    return this.calls.run(async () => {
      await Promise.resolve();
      const failure = this.failures.shift();
      if (failure === 'nothing-written') throw new PublishFailed('injected: nothing was written');
      this.refuseOversized(records);
      for (const record of records) this.write(record);
      if (failure === 'answer-lost') throw new PublishFailed('injected: the answer was lost');
    });
  }

  close(): Promise<void> {
    return this.calls.close();
  }

  /** All records of a topic, partition by partition. */
  records(topic: string): readonly IncomingRecord[] {
    return (this.topics.get(topic) ?? []).flat();
  }

  private refuseOversized(records: readonly OutgoingRecord[]): void {
    const large = records.find(({ value }) => value.length > this.maxRecordBytes);
    if (large) throw new RecordRefused(`MESSAGE_TOO_LARGE: ${large.value.length} bytes in ${large.topic}`);
  }

  private write({ topic, key, value, headers }: OutgoingRecord): void {
    const log = this.topics.get(topic) ?? Array.from({ length: this.partitions }, () => []);
    const partition = partitionFor(key, this.partitions);
    const records = log[partition] ?? [];
    records.push({ topic, partition, offset: records.length, key: Buffer.from(key), value, headers, timestamp: Date.now() });
    this.topics.set(topic, log);
  }
}
