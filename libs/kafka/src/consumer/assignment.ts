import type { IMemberAssignment } from 'kafkajs';
import { backoff, sleep } from '../timing.js';
import type { PartitionOffsets } from '../admin/offsets.js';
import type { ConsumerPlan, FirstTopic, StoredPosition, TopicPartition } from './consumer-config.js';
import type { PartitionState } from './consumer-state.js';
import { PartitionWorker } from './partition-worker.js';
import type { Slots } from './slots.js';

/** What an assignment asks of the consumer that it belongs to. */
export interface ConsumerControls {
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  seek(partition: TopicPartition, offset: number): void;
  offsets(topic: string): Promise<readonly PartitionOffsets[]>;
  /** What the group committed; nothing for a partition where it committed nothing. */
  committed(topics: readonly string[]): Promise<readonly StoredPosition[]>;
}

const askEveryMs = 50;
/** Said again after so many times. */
const tellEvery = 200;

/** The partitions that one generation of the group gave to this member, until the next one. */
export class Assignment {
  private readonly workers = new Map<string, PartitionWorker>();
  private readonly partitions: readonly TopicPartition[];
  private readonly committed = new Map<string, number>();
  private readonly lost = new AbortController();

  constructor(
    members: IMemberAssignment,
    private readonly plan: ConsumerPlan,
    private readonly controls: ConsumerControls,
    slots: Slots,
  ) {
    this.partitions = Object.entries(members).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })));
    const mostWaiting = Math.max(1_000, Math.floor(plan.settings.mostWaiting / this.partitions.length));
    for (const at of this.partitions) {
      controls.pause(at);
      const feed = { pause: () => controls.pause(at), resume: () => controls.resume(at), seek: (offset: number) => controls.seek(at, offset) };
      const { processor, logger, settings } = plan;
      this.workers.set(keyOf(at), new PartitionWorker({ ...at, processor, logger, feed, slots, limits: settings.slice, mostWaiting }));
    }
  }

  worker(topic: string, partition: number): PartitionWorker | undefined {
    return this.workers.get(keyOf({ topic, partition }));
  }

  get states(): readonly PartitionState[] {
    return this.all.map(({ state }) => state);
  }

  /** Finds each partition's start and lets it go; tries again until database and broker answer. */
  async begin(before: Assignment | null): Promise<void> {
    // Their last commits move the positions that are read now.
    await before?.ended();
    const starts = await this.answer(() => this.starts(), 'Where the partitions go on cannot be read; consuming waits');
    if (starts === null) return;
    const { first } = this.plan;
    const isFirst = (topic: string): boolean => topic === first?.topic;
    this.startThose(starts, isFirst);
    if (first !== undefined && !(await this.untilRead(first))) return;
    this.startThose(starts, (topic) => !isFirst(topic));
  }

  private startThose(starts: ReadonlyMap<PartitionWorker, () => void>, isDue: (topic: string) => boolean): void {
    if (this.lost.signal.aborted) return;
    for (const worker of this.all) if (isDue(worker.state.topic)) starts.get(worker)?.();
  }

  /** False when the partitions were lost before. */
  private async untilRead(first: FirstTopic): Promise<boolean> {
    const [{ topic }, { logger }, startedAt] = [first, this.plan, Date.now()];
    const trouble = `Whether ${topic} is read cannot be told; the other topics wait`;
    const ends = await this.answer(() => this.controls.offsets(topic), trouble);
    if (ends === null) return false;
    for (let waits = 0; !this.lost.signal.aborted; waits += 1) {
      if (await this.answer(() => first.isRead(ends), trouble)) {
        if (waits > 0) logger.info({ topic, tookMs: Date.now() - startedAt }, `${topic} is read; the other topics begin`);
        first.onRead();
        return true;
      }
      if (waits % tellEvery === 0) logger[waits === 0 ? 'info' : 'warn']({ topic, waitedMs: Date.now() - startedAt }, `${topic} is read first; the other topics wait`);
      await sleep(askEveryMs, this.lost.signal);
    }
    return false;
  }

  /** Asks until database and broker answer; null when the partitions were lost before. */
  private async answer<T>(ask: () => Promise<T>, trouble: string): Promise<T | null> {
    for (let failures = 0; !this.lost.signal.aborted; failures += 1) {
      try {
        const answer = await ask();
        return this.lost.signal.aborted ? null : answer;
      } catch (err) {
        const retryAfterMs = backoff(failures, 250, 5_000);
        this.plan.logger.warn({ err, retryAfterMs, partitions: this.partitions }, trouble);
        await sleep(retryAfterMs, this.lost.signal);
      }
    }
    return null;
  }

  /** Ends all work at once: the partitions may be another member's by now. */
  lose(reason: Error): void {
    this.lost.abort();
    this.all.forEach((worker) => worker.end(reason));
  }

  async drain(): Promise<void> {
    this.lost.abort();
    await Promise.all(this.all.map((worker) => worker.drain()));
  }

  async ended(): Promise<void> {
    await Promise.all(this.all.map((worker) => worker.ended()));
  }

  /** What was done since the last commit. */
  uncommitted(): { topic: string; partition: number; offset: string }[] {
    return this.partitions.flatMap(({ topic, partition }) => {
      const nextOffset = this.worker(topic, partition)?.position ?? null;
      const isNew = nextOffset !== null && nextOffset !== this.committed.get(keyOf({ topic, partition }));
      return isNew ? [{ topic, partition, offset: String(nextOffset) }] : [];
    });
  }

  markCommitted(offsets: readonly { topic: string; partition: number; offset: string }[]): void {
    for (const at of offsets) this.committed.set(keyOf(at), Number(at.offset));
  }

  /** Asks where the partitions end now, and names those that have records and get none. */
  async stalled(): Promise<string[]> {
    const bounds = await this.bounds();
    return this.partitions.flatMap((at) => {
      const worker = this.workers.get(keyOf(at));
      const held = bounds.get(keyOf(at));
      if (held) worker?.bounds(held.low, held.high);
      return worker?.isStalled(this.plan.settings.stallTimeoutMs) ? [`${at.topic} partition ${at.partition}`] : [];
    });
  }

  private async starts(): Promise<Map<PartitionWorker, () => void>> {
    const [bounds, committed] = await Promise.all([this.bounds(), this.controls.committed(this.topics)]);
    const stored = (await this.plan.positions?.(this.partitions.flatMap((at) => bounds.get(keyOf(at)) ?? []))) ?? [];
    const [positions, offsets] = [byKey(stored), byKey(committed)];
    return new Map(
      this.partitions.flatMap((at) => {
        const worker = this.workers.get(keyOf(at));
        const held = bounds.get(keyOf(at));
        return worker && held ? [[worker, () => start(worker, held, { stored: positions.get(keyOf(at)), committed: offsets.get(keyOf(at)) })]] : [];
      }),
    );
  }

  private async bounds(): Promise<Map<string, PartitionOffsets>> {
    const all = await Promise.all(this.topics.map((topic) => this.controls.offsets(topic)));
    return new Map(all.flat().map((offsets) => [keyOf(offsets), offsets]));
  }

  private get topics(): string[] {
    return [...new Set(this.partitions.map(({ topic }) => topic))];
  }

  private get all(): PartitionWorker[] {
    return [...this.workers.values()];
  }
}

/**
 * The offset is always said, because kafkajs answers one that the broker lacks by going to the
 * beginning and committing that. The database is right; the group's own commits only save reading
 * what is done, so one that does not fit is passed over.
 */
function start(worker: PartitionWorker, { low, high }: PartitionOffsets, { stored, committed }: { stored: number | null | undefined; committed: number | undefined }): void {
  worker.bounds(low, high);
  if (stored === null) return worker.finish();
  const fits = (offset: number | undefined): offset is number => offset !== undefined && offset >= low && offset <= high;
  if (stored === undefined) return worker.begin(fits(committed) ? committed : low);
  if (fits(stored)) return worker.begin(stored);
  const why = stored > high ? `the partition ends at ${high}: the topic was recreated or cut off` : `the partition begins at ${low}: records were deleted before they were handled`;
  worker.halt(`everything before offset ${stored} is handled, but ${why}`, stored);
}

function byKey<T extends number | null>(positions: readonly (TopicPartition & { readonly offset: T })[]): Map<string, T> {
  return new Map(positions.map((at) => [keyOf(at), at.offset]));
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
