import { RegistryUnreachable, SchemaNotRegistered } from '@lifeos/events';
import type { RecordPublisher, SchemaIds } from '@lifeos/events';
import { toError } from '@lifeos/postgres';
import type { SessionOptions } from '@lifeos/postgres';
import { cutBatch } from './cut-batch.js';
import type { PartitionOf } from './cut-batch.js';
import { Leadership } from './leadership.js';
import { positionOf, readLog } from './log-rows.js';
import type { LogPage, LogRow } from './log-rows.js';
import { mendBlocked } from './mend-blocked.js';
import { RecordBuilder } from './record-builder.js';
import { RelayState } from './relay-state.js';
import type { RelayStatus } from './relay-state.js';
import { Sender } from './sender.js';
import type { SendOutcome } from './sender.js';
import { Backoff, Sleeper } from './sleeper.js';

export interface RelayOptions {
  /** The relay keeps one connection of its own, for its lock. */
  readonly connection: SessionOptions;
  /** The publishing service, for example `quests`; goes into `ce_source`. */
  readonly service: string;
  readonly publisher: RecordPublisher;
  readonly schemaIds: SchemaIds;
  /** Bounds the bytes that one send gives a partition. Default: a topic is taken as one partition. */
  readonly partitionOf?: PartitionOf;
  /** Default 1 000. */
  readonly maxRows?: number;
  /** Default 512 KB: three of them still fit into what a consumer fetches at once. */
  readonly maxPartitionBytes?: number;
  /** How long an append of another process may stay unseen. Default 100 ms. */
  readonly pollMs?: number;
  /** How often one that does not lead tries to. Default 1 000 ms. */
  readonly takeOverMs?: number;
  /** Told of every failure that the relay recovers from by itself. */
  readonly onError?: (error: Error) => void;
}

const checkpointName = 'kafka';

/**
 * Publishes the service's events in log order. Any number may run; one at a time leads, the others
 * wait to take over. Nothing is acknowledged that the broker did not confirm, so events may be sent
 * twice, never lost, and never out of order within a topic and key.
 */
export class Relay {
  private readonly state = new RelayState();
  private readonly builder: RecordBuilder;
  private readonly sender: Sender;
  private readonly work = new Sleeper();
  private readonly pause = new Sleeper();
  private readonly failures = new Backoff(100, 5_000);
  private lead: Leadership | null = null;
  private running: Promise<void> | null = null;
  private isStopping = false;
  private mendAt = 0;

  constructor(private readonly options: RelayOptions) {
    this.builder = new RecordBuilder(options.service, options.schemaIds);
    this.sender = new Sender(options.publisher, this.builder);
  }

  /** Begins to relay, or to wait for the lead; returns at once and never fails. */
  start(): void {
    this.running ??= this.run();
  }

  /** There is something new to relay. Give it to `EventLog.onAppended`. */
  wake(): void {
    this.work.wake();
  }

  /** What this process knows without asking the database. */
  status(): RelayStatus {
    return this.state.status(this.sender.blockedQueues.size);
  }

  /** Lets the send in flight end, stores how far it came and gives the lead away, within the deadline. */
  async stop({ deadlineMs = 10_000 }: { deadlineMs?: number } = {}): Promise<void> {
    this.isStopping = true;
    this.work.wake();
    this.pause.wake();
    const deadline = new Sleeper();
    const stopped = (this.running ?? Promise.resolve()).finally(() => deadline.wake());
    await Promise.race([stopped, deadline.sleep(deadlineMs)]);
    // The lock must not outlive the deadline, even when a send still hangs.
    await this.lead?.resign();
    this.state.enter('stopped');
  }

  private async run(): Promise<void> {
    const failures = new Backoff(100, 5_000);
    while (!this.isStopping) {
      try {
        const lead = await Leadership.take(this.options.connection, checkpointName);
        failures.reset();
        if (typeof lead === 'string') {
          this.state.enter(lead);
          await this.pause.sleep(this.options.takeOverMs ?? 1_000);
        } else {
          await this.leadUntilLost(lead);
        }
      } catch (error) {
        this.fail(error);
        await this.pause.sleep(failures.next());
      }
    }
  }

  private async leadUntilLost(lead: Leadership): Promise<void> {
    this.lead = lead;
    this.mendAt = 0;
    this.builder.forget();
    this.state.enter('leading');
    try {
      while (!this.isStopping) await this.relayNext(lead);
    } finally {
      this.lead = null;
      this.state.enter('not-leading');
      await lead.resign();
    }
  }

  private async relayNext(lead: Leadership): Promise<void> {
    const { maxRows = 1_000, pollMs = 100 } = this.options;
    await this.mendWhenDue(lead);
    this.work.arm();
    const page = await readLog(lead.session, lead.checkpoint, maxRows);
    const stillMs = this.state.seen(page);
    if (page.rows.length > 0) return this.relayPage(lead, page);
    // A transaction that is about to end is worth a busy look; one that is open for long is not.
    await this.work.sleep(page.hasUnsettled ? Math.min(50, 1 + stillMs / 10) : pollMs);
  }

  private async relayPage(lead: Leadership, { rows }: LogPage): Promise<void> {
    let left = rows;
    while (left.length > 0 && !this.isStopping) {
      const { ready, missing } = await this.builder.prepare(left);
      if (ready === 0) {
        await this.waitAfter(lead, missing);
        continue;
      }
      const batch = left.slice(0, this.cut(left.slice(0, ready)));
      const outcome = await this.sendUntilTaken(lead, batch);
      if (outcome === null) return;
      await this.acknowledge(lead, batch, outcome);
      left = left.slice(batch.length);
    }
  }

  private cut(rows: readonly LogRow[]): number {
    const { partitionOf = () => 0, maxPartitionBytes = 512 * 1024 } = this.options;
    return cutBatch(rows, partitionOf, maxPartitionBytes);
  }

  private async acknowledge(lead: Leadership, batch: readonly LogRow[], outcome: SendOutcome): Promise<void> {
    const last = batch.at(-1);
    if (last === undefined) return;
    await lead.moveCheckpoint(positionOf(last), outcome.blocked);
    this.failures.reset();
    this.state.relayed(outcome.sent);
  }

  /** Null when it is time to stop. */
  private async sendUntilTaken(lead: Leadership, batch: readonly LogRow[]): Promise<SendOutcome | null> {
    while (!this.isStopping) {
      try {
        return await this.sender.send(batch);
      } catch (error) {
        await this.waitAfter(lead, error);
      }
    }
    return null;
  }

  /** @throws Fenced or a connection error when this relay lost the lead meanwhile. */
  private async waitAfter(lead: Leadership, error: unknown): Promise<void> {
    this.fail(error);
    const isSchema = error instanceof SchemaNotRegistered || error instanceof RegistryUnreachable;
    this.state.enter(isSchema ? 'waiting-for-schema' : 'waiting-for-broker');
    await this.pause.sleep(this.failures.next());
    await lead.confirm();
    this.state.enter('leading');
  }

  private async mendWhenDue(lead: Leadership): Promise<void> {
    const isFirst = this.mendAt === 0;
    if (!isFirst && (this.sender.blockedQueues.size === 0 || Date.now() < this.mendAt)) return;
    this.mendAt = Date.now() + 10 * (this.options.pollMs ?? 100);
    try {
      this.state.relayed(await mendBlocked(lead, this.sender, this.builder));
    } catch (error) {
      await this.waitAfter(lead, error);
    }
  }

  private fail(error: unknown): void {
    const failure = toError(error);
    this.state.failed(failure);
    this.options.onError?.(failure);
  }
}
