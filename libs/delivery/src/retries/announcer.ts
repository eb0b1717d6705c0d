import { RecordRefused, type OutgoingRecord, type RecordPublisher } from '@lifeos/events';
import { isRetryable, type Database, type Transaction } from '@lifeos/postgres';
import type { DeliveryLog } from '../ports.js';
import { silentLog } from '../ports.js';
import { textOf } from '../reruns.js';
import { Sleeper } from '../sleeper.js';
import { announcementRecord, withoutValue, type AnnouncementRow } from './announcement-record.js';

export interface AnnouncerOptions {
  readonly database: Database;
  /** Its own: calls of one publisher must not overlap. */
  readonly publisher: RecordPublisher;
  /** `lifeos.<service>.dead-letters`. */
  readonly topic: string;
  readonly logger?: DeliveryLog;
  /** How often it looks for what is to be announced. Default 2 000 ms. */
  readonly pollMs?: number;
}

const pageSize = 100;
const lastBackoffMs = 60_000;

/**
 * Publishes exhausted letters to the service's topic of dead letters, for whoever watches topics. They
 * are written down in the transaction that exhausted them, so each is announced at least once, and none
 * that was rolled back.
 */
export class Announcer {
  private readonly sleeper = new Sleeper();
  private readonly logger: DeliveryLog;
  private isStopping = false;
  private running: Promise<void> | null = null;

  constructor(private readonly options: AnnouncerOptions) {
    this.logger = options.logger ?? silentLog;
  }

  start(): void {
    this.running ??= this.run();
  }

  readonly wake = (): void => this.sleeper.wake();

  /** Ends after the send in work. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.sleeper.wake();
    await this.running;
    await this.options.publisher.close();
  }

  /** Announces what waits. Returns how many. @throws what the publisher or the database throws. */
  async announce(): Promise<number> {
    let announced = 0;
    for (;;) {
      const page = await this.announcePage();
      announced += page;
      if (page < pageSize) return announced;
    }
  }

  private async run(): Promise<void> {
    const { pollMs = 2_000 } = this.options;
    let failures = 0;
    while (!this.isStopping) {
      this.sleeper.arm();
      try {
        await this.announce();
        failures = 0;
      } catch (error) {
        // Another instance is about it.
        if (!isRetryable(error)) {
          failures++;
          this.logger.warn(`Dead letters are not announced on ${this.options.topic} yet: ${textOf(error)}`, { error });
        }
      }
      await this.sleeper.sleep(Math.min(pollMs * 2 ** failures, lastBackoffMs));
    }
  }

  /** The key's lock lets one instance at a time send, and takes no transaction id, which would hold the relays back. */
  private announcePage(): Promise<number> {
    return this.options.database.transaction({ keys: ['dead letter announcements'], lockTimeoutMs: 500, timeoutMs: 60_000 }, async (tx) => {
      const { rows } = await tx.query<AnnouncementRow>('SELECT * FROM dead_letter_announcements ORDER BY id LIMIT $1', [pageSize]);
      if (rows.length > 0) await this.publish(rows.map((row) => announcementRecord(row, this.options.topic)));
      await forget(tx, rows);
      return rows.length;
    });
  }

  /** What the broker refuses goes out without its value: it is too large with the headers that tell of it. */
  private async publish(records: readonly OutgoingRecord[]): Promise<void> {
    try {
      await this.options.publisher.publish(records);
    } catch (error) {
      if (!(error instanceof RecordRefused)) throw error;
      const [only] = records;
      if (records.length > 1) for (const record of records) await this.publish([record]);
      else if (only !== undefined && only.value.length > 0) await this.publish([withoutValue(only)]);
      else this.logger.error(`A dead letter cannot be announced on ${this.options.topic}: ${error.message}`, { headers: only?.headers });
    }
  }
}

async function forget(tx: Transaction, rows: readonly AnnouncementRow[]): Promise<void> {
  if (rows.length > 0) await tx.query('DELETE FROM dead_letter_announcements WHERE id = ANY ($1)', [rows.map(({ id }) => id)]);
}
