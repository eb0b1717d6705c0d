import type { INestApplication, INestMicroservice, PreRequestHook } from '@nestjs/common';
import { NestMicroservice } from '@nestjs/microservices';
import { tap } from 'rxjs';
import { dispatchOf } from './completion.js';
import type { KafkaEventsStrategy } from './kafka-events-strategy.js';

export interface ConnectOptions {
  /** Whether the application's global guards, pipes, interceptors and filters apply to events as well. Default false: they are written for HTTP. */
  readonly inheritAppConfig?: boolean;
}

/** Adds the handlers of events to an application; they start with `startAllMicroservices` and stop with `close`. */
export function connectKafkaEvents(app: INestApplication, strategy: KafkaEventsStrategy, options: ConnectOptions = {}): INestMicroservice {
  // Nest reads hooks when it registers handlers, which it would do before there is a chance to add one.
  const microservice = app.connectMicroservice({ strategy }, { inheritAppConfig: options.inheritAppConfig ?? false, deferInitialization: true });
  watchCalls(microservice, strategy);
  if (microservice instanceof NestMicroservice) {
    microservice.registerListeners();
    microservice.setIsInitialized(true);
    // The application runs the life cycle hooks that both share.
    microservice.setIsInitHookCalled(true);
  }
  return microservice;
}

/** For a process that serves events alone: call it between `NestFactory.createMicroservice` and `listen`. */
export function watchCalls(microservice: INestMicroservice, strategy: KafkaEventsStrategy): void {
  microservice.registerPreRequestHook(watchCall);
  strategy.isWatched = true;
}

/** Outermost of all: around guards and interceptors, inside of nothing but the exception filters. */
const watchCall: PreRequestHook = (context, next) => {
  const dispatch = dispatchOf(context.getArgByIndex(1));
  if (!dispatch) return next();
  return next().pipe(tap({ complete: dispatch.pipelineEnded, error: dispatch.pipelineFailed }));
};
