import { Announcer, Retrier, sweepInbox, type DeliveryLog, type RetrierOptions } from '@lifeos/delivery';
import { KafkaRecordPublisher, type KafkaConfig } from '@lifeos/kafka';

const sweepEveryMs = 3_600_000;

/** What goes on beside consumption: parked events are tried again, exhausted ones announced, old inbox rows forgotten. */
export class Mending {
  private readonly retrier: Retrier;
  private readonly announcer: Announcer;
  private readonly leaving = new AbortController();
  private sweep: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> = Promise.resolve();

  /** @throws HandlerNameTaken, InvalidVersionRange, VersionGapsInRange */
  constructor(
    service: string,
    kafka: KafkaConfig,
    private readonly delivery: RetrierOptions & { readonly logger: DeliveryLog },
  ) {
    const { database, logger } = delivery;
    this.retrier = new Retrier(delivery);
    this.announcer = new Announcer({ database, publisher: new KafkaRecordPublisher(kafka), topic: `lifeos.${service}.dead-letters`, logger });
  }

  start(): void {
    this.retrier.start();
    this.announcer.start();
    this.sweep = setInterval(() => void (this.sweeping = this.sweepOnce()), sweepEveryMs).unref();
  }

  /** Something was parked, and may be due earlier than was known. */
  wake(): void {
    this.retrier.wake();
    this.announcer.wake();
  }

  async stop(): Promise<void> {
    if (this.sweep) clearInterval(this.sweep);
    this.leaving.abort();
    await Promise.all([this.retrier.stop(), this.announcer.stop(), this.sweeping]);
  }

  private async sweepOnce(): Promise<void> {
    const { database, logger } = this.delivery;
    try {
      const rows = await sweepInbox(database, { signal: this.leaving.signal });
      if (rows > 0) logger.info(`Forgot ${rows} events that were seen long ago`, { rows });
    } catch (error) {
      logger.warn('Old inbox rows could not be deleted; the next sweep tries again', { error });
    }
  }
}
