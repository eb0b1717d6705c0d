import { toError } from '@lifeos/postgres';
import { LeadingRelay } from './leading-relay.js';
import { Leadership } from './leadership.js';
import { RecordBuilder } from './record-builder.js';
import type { RelayOptions } from './relay-options.js';
import { RelayState } from './relay-state.js';
import type { RelayStatus } from './relay-state.js';
import { Sender } from './sender.js';
import { Backoff, Sleeper } from './sleeper.js';

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
  /** Ends when there is something to relay. */
  private readonly work = new Sleeper();
  /** Ends when it is time to stop. */
  private readonly pause = new Sleeper();
  private lead: Leadership | null = null;
  private running: Promise<void> | null = null;
  private isStopping = false;

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

  /**
   * Lets the send in flight end, stores how far it came and gives the lead away, all within the
   * deadline (default 10 000 ms). It does not start again.
   */
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
        if (typeof lead === 'string') await this.waitForLead(lead);
        else await this.leadUntilLost(lead);
      } catch (error) {
        this.fail(error);
        await this.pause.sleep(failures.next());
      }
    }
    this.state.enter('stopped');
  }

  private async waitForLead(phase: 'standby' | 'other-leads'): Promise<void> {
    this.state.enter(phase);
    await this.pause.sleep(this.options.takeOverMs ?? 1_000);
  }

  private async leadUntilLost(lead: Leadership): Promise<void> {
    this.lead = lead;
    this.state.enter('leading');
    const { options, builder, sender, state, work, pause } = this;
    const parts = { options, builder, sender, state, work, pause, isStopping: () => this.isStopping, fail: (error: unknown) => this.fail(error) };
    try {
      await new LeadingRelay(lead, parts).run();
    } finally {
      this.lead = null;
      this.state.enter('not-leading');
      await lead.resign();
    }
  }

  private fail(error: unknown): void {
    const failure = toError(error);
    this.state.failed(failure);
    this.options.onError?.(failure);
  }
}
