import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Database } from '@lifeos/postgres';
import type { ServiceConfig } from '../config/service-config.js';
import type { Logger } from '../logging/logger.js';
import { CONFIG, DATABASE, LOGGER } from '../tokens.js';
import { sweepAnswers } from './kept-answers.js';

const everyMs = 600_000;

/** Forgets kept answers that are too old, as long as the service runs. By the real clock: keys age for clients, not for the business. */
@Injectable()
export class AnswerSweep implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CONFIG) private readonly config: Pick<ServiceConfig, 'IDEMPOTENCY_KEPT_HOURS'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => (this.running = this.sweep()), everyMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  /** A sweep that fails is made up for by the next. */
  async sweep(): Promise<void> {
    try {
      await sweepAnswers(this.database, this.config.IDEMPOTENCY_KEPT_HOURS);
    } catch (err) {
      this.logger.warn({ err }, 'Could not forget old answers; tried again later.');
    }
  }
}
