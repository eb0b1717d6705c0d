import { RegistryUnreachable, SchemaNotRegistered } from '@lifeos/events';
import type { LogPosition } from '../position.js';
import { cutBatch } from './cut-batch.js';
import type { Leadership } from './leadership.js';
import { positionOf, readLog } from './log-rows.js';
import type { LogPage, LogRow } from './log-rows.js';
import { mendBlocked } from './mend-blocked.js';
import type { RecordBuilder } from './record-builder.js';
import type { RelayOptions } from './relay-options.js';
import type { RelayState } from './relay-state.js';
import type { Sender, SendOutcome } from './sender.js';
import { Backoff } from './sleeper.js';
import type { Sleeper } from './sleeper.js';

interface Parts {
  readonly options: RelayOptions;
  readonly builder: RecordBuilder;
  readonly sender: Sender;
  readonly state: RelayState;
  readonly work: Sleeper;
  readonly pause: Sleeper;
  isStopping(): boolean;
  fail(error: unknown): void;
}

/**
 * While events come faster than one by one, a moment's wait makes fewer and larger sends, each of which
 * costs the broker and the database the same. Single events never wait.
 */
const gatherMs = 8;
const busyRows = 20;

/** What the relay does from taking the lead to losing it: read, send, move the checkpoint. */
export class LeadingRelay {
  private readonly failures = new Backoff(100, 5_000);
  /** At once: which keys are blocked must be known before the first send. */
  private mendAt = 0;
  private knowsBlocked = false;
  private isBusy = false;

  constructor(private readonly lead: Leadership, private readonly parts: Parts) {
    // The registry may have been replaced since this process led last.
    parts.builder.forget();
  }

  /** Returns when it is time to stop. @throws Fenced, or why the database is out of reach. */
  async run(): Promise<void> {
    let ahead: LogPage | null = null;
    while (!this.parts.isStopping()) {
      await this.mendWhenDue();
      if (this.knowsBlocked) ahead = await this.relayNext(ahead);
    }
  }

  /** Takes the page that was read ahead, if one was; returns the next one, if it was read meanwhile. */
  private async relayNext(ahead: LogPage | null): Promise<LogPage | null> {
    const { state, work, pause, options } = this.parts;
    if (ahead === null) {
      if (this.isBusy && work.isWoken) await pause.sleep(gatherMs);
      work.arm();
    }
    const page = ahead ?? (await this.read(this.lead.checkpoint));
    this.isBusy = page.rows.length >= busyRows;
    const stillMs = state.seen(page);
    if (page.rows.length > 0) return this.relayPage(page);
    // A transaction that is about to end is worth a busy look; one that is open for long is not.
    await work.sleep(page.hasUnsettled ? Math.min(50, 1 + stillMs / 10) : (options.pollMs ?? 100));
    return null;
  }

  private async relayPage(page: LogPage): Promise<LogPage | null> {
    let ahead: Promise<LogPage> | null = null;
    let left = page.rows;
    while (left.length > 0 && !this.parts.isStopping()) {
      const { ready, missing } = await this.parts.builder.prepare(left);
      if (ready === 0) {
        await this.waitAfter(missing);
        continue;
      }
      const batch = left.slice(0, this.cut(left.slice(0, ready)));
      left = left.slice(batch.length);
      if (left.length === 0 && page.isFull) ahead = this.readAhead(batch);
      const outcome = await this.sendUntilTaken(batch);
      if (outcome === null) return null;
      await this.acknowledge(batch, outcome);
    }
    return ahead;
  }

  private read(after: LogPosition): Promise<LogPage> {
    return readLog(this.lead.session, after, this.parts.options.maxRows ?? 1_000);
  }

  /** Reads on while the last rows are being sent; its failure shows when it is awaited. */
  private readAhead(sending: readonly LogRow[]): Promise<LogPage> | null {
    const last = sending.at(-1);
    if (last === undefined) return null;
    this.parts.work.arm();
    const page = this.read(positionOf(last));
    page.catch(() => undefined);
    return page;
  }

  private cut(rows: readonly LogRow[]): number {
    const { partitionOf = () => 0, maxPartitionBytes = 512 * 1024 } = this.parts.options;
    return cutBatch(rows, partitionOf, maxPartitionBytes);
  }

  private async acknowledge(batch: readonly LogRow[], outcome: SendOutcome): Promise<void> {
    const last = batch.at(-1);
    if (last === undefined) return;
    await this.lead.moveCheckpoint(positionOf(last), outcome.blocked);
    this.failures.reset();
    this.parts.state.relayed(outcome.sent);
  }

  /** Null when it is time to stop. */
  private async sendUntilTaken(batch: readonly LogRow[]): Promise<SendOutcome | null> {
    while (!this.parts.isStopping()) {
      try {
        return await this.parts.sender.send(batch);
      } catch (error) {
        await this.waitAfter(error);
      }
    }
    return null;
  }

  /** @throws Fenced or a connection error when the lead was lost meanwhile. */
  private async waitAfter(error: unknown): Promise<void> {
    const { state, pause, fail } = this.parts;
    fail(error);
    const isSchema = error instanceof SchemaNotRegistered || error instanceof RegistryUnreachable;
    state.enter(isSchema ? 'waiting-for-schema' : 'waiting-for-broker');
    await pause.sleep(this.failures.next());
    await this.lead.confirm();
    state.enter('leading');
  }

  private async mendWhenDue(): Promise<void> {
    const { sender, builder, state, options } = this.parts;
    const mayWait = sender.blockedQueues.size === 0 || Date.now() < this.mendAt;
    if (this.knowsBlocked && mayWait) return;
    this.mendAt = Date.now() + 10 * (options.pollMs ?? 100);
    try {
      state.relayed(await mendBlocked(this.lead, sender, builder));
      this.knowsBlocked = true;
    } catch (error) {
      await this.waitAfter(error);
    }
  }
}
