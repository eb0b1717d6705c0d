import type { Type } from '@nestjs/common';
import type { AnyEventType, Upcaster } from '@lifeos/contracts';
import type { z } from 'zod';
import type { AnswerSchemas } from './api-docs/answer-schemas.js';
import type { ConsentListener } from './consent/consent-listener.js';
import type { DailyJob } from './schedule/daily-job.js';

/** What one service is: everything that distinguishes it from the others, as one value. */
export interface ServiceDefinition {
  /** Context, consumer group and name in events' `source` and in logs, for example `quests`. */
  readonly name: string;
  /** The Nest module that lists the service's controllers, reactions and read models. */
  readonly module: Type;
  /** What its routes answer, generated beside it; default none, for a service without routes. */
  readonly answers?: AnswerSchemas;
  /** Folder of the service's own migrations: `new URL('../migrations/', import.meta.url)`. */
  readonly migrations: URL;
  /**
   * Environment variables of this service alone, by their names in capitals; faults in them are
   * reported together with those of the common ones. Injected, with the common ones, under `CONFIG`.
   */
  readonly config?: z.ZodObject;
  /** Variables of `config` that hold a secret: `NAME_FILE` may name a file instead. */
  readonly secrets?: readonly string[];
  /** Daily jobs, providers of `module`, in the order in which they run. Default none. */
  readonly jobs?: readonly Type<DailyJob>[];
  /** Providers of `module` that act when a person's consent ends. Default none. */
  readonly consentListeners?: readonly Type<ConsentListener>[];
  /** Records of a context that is no service, which this one publishes. Default none. */
  readonly alsoPublishes?: readonly AnyEventType[];
  /** Events that only this service stores and reads. Default none. */
  readonly privateEventTypes?: readonly AnyEventType[];
  /** Read older majors of those as newer ones, when the log is read. Default none. */
  readonly privateUpcasters?: readonly Upcaster[];
}
