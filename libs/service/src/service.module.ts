import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { DeadLetterDesk } from '@lifeos/delivery';
import { Commands } from './commands/commands.js';
import type { ConsentListener } from './consent/consent-listener.js';
import { storedConsents } from './consent/consents.js';
import { KeepConsents } from './consent/keep-consents.js';
import { HealthController } from './health/health.controller.js';
import { AnswerSweep } from './idempotency/answer-sweep.js';
import { Liveness } from './health/liveness.js';
import { Readiness } from './health/readiness.js';
import { Scrape } from './metrics/scrape.js';
import { DeadLettersController } from './operator/dead-letters.controller.js';
import { ClockController } from './schedule/clock.controller.js';
import { JobsController } from './schedule/jobs.controller.js';
import { Schedule } from './schedule/schedule.js';
import type { Parts } from './wiring/parts.js';
import { CLOCK, CONFIG, CONSENT_LISTENERS, CONSENTS, DATABASE, EVENT_LOG, LOGGER, METRICS, RELAY, SERVICE_NAME } from './tokens.js';

/** Of every service. */
export const sharedControllers: readonly Type[] = [HealthController, DeadLettersController, JobsController, ClockController, KeepConsents];

/** Gives a service's module the parts that all services share, without importing anything. */
@Module({})
export class ServiceModule {
  static forRoot(parts: Parts, consentListeners: readonly Type<ConsentListener>[] = []): DynamicModule {
    const providers: Provider[] = [
      { provide: CONFIG, useValue: parts.config },
      { provide: CLOCK, useValue: parts.clock },
      { provide: LOGGER, useValue: parts.logger },
      { provide: METRICS, useValue: parts.metrics },
      { provide: DATABASE, useValue: parts.database },
      { provide: EVENT_LOG, useValue: parts.eventLog },
      { provide: RELAY, useValue: parts.relay },
      { provide: CONSENTS, useValue: storedConsents },
      { provide: SERVICE_NAME, useValue: parts.service },
      // They belong to the service's own module, which is there only when all of it is.
      { provide: CONSENT_LISTENERS, useFactory: (all: ModuleRef) => () => consentListeners.map((one) => all.get(one, { strict: false })), inject: [ModuleRef] },
      { provide: DeadLetterDesk, useValue: parts.deadLetters },
      { provide: Commands, useValue: parts.commands },
      AnswerSweep,
      { provide: Schedule, useValue: parts.schedule },
      { provide: Scrape, useValue: parts.scrape },
      { provide: Liveness, useValue: parts.liveness },
      { provide: Readiness, useValue: parts.readiness },
    ];
    return { module: ServiceModule, global: true, controllers: [...sharedControllers], providers, exports: providers };
  }
}
