import { Catch, Controller, Module, UseGuards, UseInterceptors, type CallHandler, type CanActivate, type ExceptionFilter, type INestApplication, type LoggerService, type NestInterceptor, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { of, type Observable } from 'rxjs';
import type { HandlerContext, HandlerDefinition } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { connectKafkaEvents } from '../nest/connect-kafka-events.js';
import { Handles, type HandlesOptions } from '../nest/handles.decorator.js';
import { KafkaEventsStrategy, type EventConsumer } from '../nest/kafka-events-strategy.js';
import { eventType, fakeContext, fakeEvent } from './fake-events.js';

export const QuestCompleted = eventType('QuestCompleted');
export const LevelUp = eventType('LevelUp');
export const boom = new Error('boom');
export const quiet: LoggerService = { log: () => {}, warn: () => {}, error: () => {} };
export const plain = (name: string): HandlesOptions => ({ name, from: 'beginning' });

export class FakeConsumer implements EventConsumer {
  started = 0;
  stopped = 0;
  handlers: readonly HandlerDefinition[] = [];

  async start(): Promise<void> {
    this.started += 1;
  }

  async stop(): Promise<void> {
    this.stopped += 1;
  }
}

const apps: INestApplication[] = [];

/** After each test: ends what it connected. */
export async function closeApps(): Promise<void> {
  for (const app of apps.splice(0)) await app.close();
}

export interface Connected {
  readonly strategy: KafkaEventsStrategy;
  readonly consumer: FakeConsumer;
  readonly app: INestApplication;
}

/** A Nest application with these controllers, whose consumer is a fake. */
export function connected(...controllers: Type[]): Promise<Connected> {
  class TestModule {}
  Module({ controllers })(TestModule);
  return connectedModule(TestModule);
}

export async function connectedModule(definition: Type): Promise<Connected> {
  const module = await Test.createTestingModule({ imports: [definition] }).setLogger(quiet).compile();
  const app = module.createNestApplication(new FastifyAdapter());
  apps.push(app);
  const consumer = new FakeConsumer();
  const strategy = new KafkaEventsStrategy({ consumer: (handlers) => Object.assign(consumer, { handlers }) });
  connectKafkaEvents(app, strategy);
  return { strategy, consumer, app };
}

/** Runs the one handler of a controller. */
export async function handle(controller: Type, events: readonly EventEnvelope[] = [fakeEvent(QuestCompleted)], context: HandlerContext = fakeContext()): Promise<void> {
  const { strategy } = await connected(controller);
  const [handler] = strategy.handlers;
  await handler?.invoke(events, context);
}

/** A controller whose method does `work`, with Nest's own decorators on it. */
export function controllerWith(work: (event: EventEnvelope, context: HandlerContext) => unknown, ...around: MethodDecorator[]): Type {
  class SubjectController {
    handle(event: EventEnvelope, context: HandlerContext): unknown {
      return work(event, context);
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(SubjectController.prototype, 'handle') ?? {};
  Payload()(SubjectController.prototype, 'handle', 0);
  Ctx()(SubjectController.prototype, 'handle', 1);
  Handles(QuestCompleted, plain('subject'))(SubjectController.prototype, 'handle', descriptor);
  for (const decorate of around) decorate(SubjectController.prototype, 'handle', descriptor);
  Object.defineProperty(SubjectController.prototype, 'handle', descriptor);
  Controller()(SubjectController);
  return SubjectController;
}

/** An interceptor around a method. */
export function interceptor(intercept: (next: CallHandler) => Observable<unknown>): MethodDecorator {
  class TestInterceptor implements NestInterceptor {
    intercept(_: unknown, next: CallHandler): Observable<unknown> {
      return intercept(next);
    }
  }
  return UseInterceptors(new TestInterceptor());
}

/** A guard before a method. */
export function guard(canActivate: () => boolean): MethodDecorator {
  class TestGuard implements CanActivate {
    canActivate(): boolean {
      return canActivate();
    }
  }
  return UseGuards(new TestGuard());
}

@Catch()
export class MapsToValue implements ExceptionFilter {
  catch(): unknown {
    return of('mapped');
  }
}
