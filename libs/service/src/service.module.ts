import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DeadLetterDesk } from '@lifeos/delivery';
import { Commands } from './commands/commands.js';
import { storedConsents } from './consent/consents.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { Scrape } from './metrics/scrape.js';
import { DeadLettersController } from './operator/dead-letters.controller.js';
import { ClockController } from './schedule/clock.controller.js';
import { JobsController } from './schedule/jobs.controller.js';
import { Schedule } from './schedule/schedule.js';
import type { Parts } from './wiring/parts.js';
import { CLOCK, CONFIG, CONSENTS, DATABASE, EVENT_LOG, LOGGER, METRICS, RELAY } from './tokens.js';

/** Gives a service's module the parts that all services share, without importing anything. */
@Module({})
export class ServiceModule {
  static forRoot(parts: Parts): DynamicModule {
    const providers: Provider[] = [
      { provide: CONFIG, useValue: parts.config },
      { provide: CLOCK, useValue: parts.clock },
      { provide: LOGGER, useValue: parts.logger },
      { provide: METRICS, useValue: parts.metrics },
      { provide: DATABASE, useValue: parts.database },
      { provide: EVENT_LOG, useValue: parts.eventLog },
      { provide: RELAY, useValue: parts.relay },
      { provide: CONSENTS, useValue: storedConsents },
      { provide: DeadLetterDesk, useValue: parts.deadLetters },
      { provide: Commands, useValue: parts.commands },
      { provide: Schedule, useValue: parts.schedule },
      { provide: Scrape, useValue: parts.scrape },
      { provide: Readiness, useValue: parts.readiness },
    ];
    return { module: ServiceModule, global: true, controllers: [HealthController, DeadLettersController, JobsController, ClockController], providers, exports: providers };
  }
}
