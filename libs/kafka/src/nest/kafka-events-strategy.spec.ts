import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Catch,
  Controller,
  Injectable,
  Module,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type INestApplication,
  type INestMicroservice,
  type LoggerService,
  type NestInterceptor,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { Ctx, EventPattern, Payload, RpcException } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { catchError, concat, delay, EMPTY, map, of, retry, throwError, type Observable } from 'rxjs';
import type { AnyEventType } from '@lifeos/contracts';
import type { HandlerContext, HandlerDefinition } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { connectKafkaEvents } from './connect-kafka-events.js';
import { Handles, type HandlesOptions } from './handles.decorator.js';
import { KafkaEventsStrategy, type EventConsumer } from './kafka-events-strategy.js';
import { eventType, fakeContext, fakeEvent } from '../testing/fake-events.js';

const QuestCompleted = eventType('QuestCompleted');
const LevelUp = eventType('LevelUp');
const boom = new Error('boom');
const quiet: LoggerService = { log: () => {}, warn: () => {}, error: () => {} };
const plain = (name: string): HandlesOptions => ({ name, from: 'beginning' });

class FakeConsumer implements EventConsumer {
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

let app: INestApplication | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function connected(...controllers: Type[]): Promise<{ strategy: KafkaEventsStrategy; consumer: FakeConsumer; microservice: INestMicroservice; app: INestApplication }> {
  class TestModule {}
  Module({ controllers })(TestModule);
  const module = await Test.createTestingModule({ imports: [TestModule] }).setLogger(quiet).compile();
  const nest = module.createNestApplication(new FastifyAdapter());
  const consumer = new FakeConsumer();
  const strategy = new KafkaEventsStrategy({ consumer: (handlers) => Object.assign(consumer, { handlers }) });
  const microservice = connectKafkaEvents(nest, strategy);
  app = nest;
  return { strategy, consumer, microservice, app: nest };
}

/** Runs the one handler of a controller. */
async function handle(controller: Type, events: readonly EventEnvelope[] = [fakeEvent(QuestCompleted)], context: HandlerContext = fakeContext()): Promise<void> {
  const { strategy } = await connected(controller);
  const [handler] = strategy.handlers;
  await handler?.invoke(events, context);
}

/** A controller whose method does `work`, with Nest's own decorators on it. */
function controllerWith(work: (event: EventEnvelope, context: HandlerContext) => unknown, ...around: MethodDecorator[]): Type {
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

function interceptor(intercept: (next: CallHandler) => Observable<unknown>): MethodDecorator {
  class TestInterceptor implements NestInterceptor {
    intercept(_: unknown, next: CallHandler): Observable<unknown> {
      return intercept(next);
    }
  }
  return UseInterceptors(new TestInterceptor());
}

function guard(canActivate: () => boolean): MethodDecorator {
  class TestGuard implements CanActivate {
    canActivate(): boolean {
      return canActivate();
    }
  }
  return UseGuards(new TestGuard());
}

@Catch()
class MapsToValue implements ExceptionFilter {
  catch(): unknown {
    return of('mapped');
  }
}

describe('a handler under @Handles', () => {
  it('gets the event and the context, whatever else stands around it', async () => {
    const seen: unknown[] = [];
    const event = fakeEvent(QuestCompleted);
    const context = fakeContext();
    const pass: PipeTransform = { transform: (value: unknown) => value };
    const work = (...args: unknown[]) => void seen.push(...args);
    await handle(controllerWith(work, guard(() => true), UsePipes(pass), interceptor((next) => next.handle()), UseFilters(new MapsToValue())), [event], context);
    expect(seen).toEqual([event, context]);
  });

  it.each([
    ['returns', () => undefined],
    ['returns a value', () => 'value'],
    ['resolves', async () => 'value'],
    ['returns a stream that completes', () => of(1, 2).pipe(delay(5))],
    ['returns an empty stream', () => EMPTY],
    ['resolves with a stream', async () => of(1)],
  ])('succeeds once when its method %s', async (_, answer) => {
    let calls = 0;
    const work = () => {
      calls += 1;
      return answer();
    };
    await handle(controllerWith(work));
    await handle(controllerWith(work, interceptor((next) => next.handle())));
    expect(calls).toBe(2);
  });

  it.each([
    ['throws', () => { throw boom; }],
    ['rejects', async () => { throw boom; }],
    ['returns a stream that fails', () => concat(of(1), throwError(() => boom))],
    ['resolves with a stream that fails', async () => throwError(() => boom)],
  ])('fails with the very error when its method %s', async (_, answer) => {
    await expect(handle(controllerWith(answer))).rejects.toBe(boom);
    await expect(handle(controllerWith(answer, interceptor((next) => next.handle())))).rejects.toBe(boom);
  });

  it('fails when a guard refuses, and its method is not called', async () => {
    let calls = 0;
    await expect(handle(controllerWith(() => (calls += 1), guard(() => false)))).rejects.toThrow(/forbidden/i);
    await expect(handle(controllerWith(() => (calls += 1), guard(() => false), UseFilters(new MapsToValue())))).rejects.toThrow(/forbidden/i);
    expect(calls).toBe(0);
  });

  it('fails when a guard throws', async () => {
    const refuse = guard(() => { throw boom; });
    await expect(handle(controllerWith(() => 1, refuse))).rejects.toBe(boom);
  });

  it('fails when a pipe refuses the event', async () => {
    const refuse: PipeTransform = { transform: () => { throw boom; } };
    await expect(handle(controllerWith(() => 1, UsePipes(refuse)))).rejects.toBe(boom);
  });

  it('fails when a filter turns the error into a value', async () => {
    await expect(handle(controllerWith(() => { throw boom; }, UseFilters(new MapsToValue())))).rejects.toBe(boom);
  });

  it('fails when an interceptor swallows the error', async () => {
    const swallow = interceptor((next) => next.handle().pipe(catchError(() => of('fine'))));
    await expect(handle(controllerWith(async () => { throw boom; }, swallow))).rejects.toBe(boom);
  });

  it('fails when an interceptor answers in the place of the method', async () => {
    const answer = interceptor(() => of('cached'));
    await expect(handle(controllerWith(() => 1, answer))).rejects.toMatchObject({ code: 'HANDLER_NOT_COMPLETED', handler: 'subject' });
  });

  it('fails when an interceptor fails after the method completed, also when a filter maps that', async () => {
    const fail = interceptor((next) => next.handle().pipe(map(() => { throw boom; })));
    await expect(handle(controllerWith(() => 1, fail))).rejects.toBe(boom);
    await expect(handle(controllerWith(() => 1, fail, UseFilters(new MapsToValue())))).rejects.toBe(boom);
  });

  it('succeeds when an interceptor tries again and the second call completes', async () => {
    let calls = 0;
    const work = async () => {
      calls += 1;
      if (calls === 1) throw boom;
    };
    await handle(controllerWith(work, interceptor((next) => next.handle().pipe(retry(1)))));
    expect(calls).toBe(2);
  });

  it('keeps the error of Nest where there is no other', async () => {
    await expect(handle(controllerWith(() => { throw new RpcException('refused'); }))).rejects.toThrow('refused');
  });

  it('tells calls apart that run at the same time', async () => {
    const work = async (event: EventEnvelope) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (event.key === 'bad') throw boom;
    };
    const { strategy } = await connected(controllerWith(work, UseFilters(new MapsToValue())));
    const [handler] = strategy.handlers;
    const call = (key: string) => handler?.invoke([fakeEvent(QuestCompleted, key)], fakeContext());
    const settled = await Promise.allSettled([call('good'), call('bad'), call('good')]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('gets a batch as one array', async () => {
    @Controller()
    class BatchController {
      static seen: unknown = null;
      @Handles([QuestCompleted, LevelUp], { name: 'batch', from: 'latest', batch: true, versions: { min: '1.0.0', max: '2.0.0' } })
      handle(@Payload() events: readonly EventEnvelope[]): void {
        BatchController.seen = events;
      }
    }
    const events = [fakeEvent(QuestCompleted), fakeEvent(LevelUp)];
    const { strategy } = await connected(BatchController);
    const [handler] = strategy.handlers;
    await handler?.invoke(events, fakeContext());
    expect(BatchController.seen).toBe(events);
    expect(handler).toMatchObject({ name: 'batch', aliases: [], batch: true, from: 'latest', versions: '>=1.0.0 <=2.0.0' });
    expect([handler?.types].flat(2)).toHaveLength(2);
  });

  it('may be a wildcard, take nothing, or take the event without a decorator', async () => {
    @Controller()
    class LooseController {
      static seen: unknown[] = [];
      @Handles('*', plain('nothing'))
      nothing(): void {
        LooseController.seen.push('called');
      }
      @Handles(QuestCompleted, plain('bare'))
      bare(event: EventEnvelope): void {
        LooseController.seen.push(event);
      }
      @Handles(QuestCompleted, plain('only-context'))
      onlyContext(@Ctx() context: HandlerContext): void {
        LooseController.seen.push(context);
      }
    }
    const [event, context] = [fakeEvent(QuestCompleted), fakeContext()];
    const { strategy } = await connected(LooseController);
    for (const handler of strategy.handlers) await handler.invoke([event], context);
    expect(LooseController.seen[0]).toBe('called');
    expect(LooseController.seen[1]).toBe(event);
    expect(LooseController.seen[2]).toBe(context);
    expect(strategy.handlers[0]).toMatchObject({ types: '*', versions: '>=0.0.0', timeoutMs: 10_000 });
  });

  it('may live for one call only', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerCall {
      static made = 0;
      constructor() {
        PerCall.made += 1;
      }
    }
    @Controller()
    class ScopedController {
      constructor(readonly perCall: PerCall) {}
      @Handles(QuestCompleted, plain('scoped'))
      handle(@Payload() event: EventEnvelope): void {
        if (event.key === 'bad') throw boom;
      }
    }
    class TestModule {}
    Module({ controllers: [ScopedController], providers: [PerCall] })(TestModule);
    const module = await Test.createTestingModule({ imports: [TestModule] }).setLogger(quiet).compile();
    app = module.createNestApplication(new FastifyAdapter());
    const strategy = new KafkaEventsStrategy({ consumer: () => new FakeConsumer() });
    connectKafkaEvents(app, strategy);
    const [handler] = strategy.handlers;
    await handler?.invoke([fakeEvent(QuestCompleted)], fakeContext());
    await expect(handler?.invoke([fakeEvent(QuestCompleted, 'bad')], fakeContext())).rejects.toBe(boom);
    expect(PerCall.made).toBe(2);
  });

  it('can be called directly, as any method', () => {
    const subject = new (controllerWith((event) => event.key))();
    expect(subject.handle(fakeEvent(QuestCompleted, '7'), fakeContext())).toBe('7');
  });
});

describe('KafkaEventsStrategy', () => {
  it('starts and stops the consumer with the application, with every handler', async () => {
    const { consumer, app: nest } = await connected(controllerWith(() => 1));
    await nest.startAllMicroservices();
    expect(consumer).toMatchObject({ started: 1, stopped: 0 });
    expect(consumer.handlers.map(({ name }) => name)).toEqual(['subject']);
    await nest.close();
    app = undefined;
    expect(consumer).toMatchObject({ started: 1, stopped: 1 });
  });

  it('runs life cycle hooks once', async () => {
    const hooks: string[] = [];
    @Controller()
    class HookController {
      onModuleInit(): void {
        hooks.push('init');
      }
      onApplicationBootstrap(): void {
        hooks.push('bootstrap');
      }
      @Handles(QuestCompleted, plain('hooked'))
      handle(): void {}
    }
    const { app: nest } = await connected(HookController);
    await nest.init();
    await nest.startAllMicroservices();
    expect(hooks).toEqual(['init', 'bootstrap']);
  });

  it('has no consumer without handlers', async () => {
    const { consumer, app: nest } = await connected();
    await nest.startAllMicroservices();
    expect(consumer.started).toBe(0);
  });

  it('reports every fault of every handler at once, and starts nothing', async () => {
    @Controller()
    class FaultyController {
      @Handles(QuestCompleted, plain('Not_Kebab'))
      badName(): void {}
      @Handles(QuestCompleted, { ...plain('twice'), versions: 'one' })
      first(): void {}
      @Handles([], { ...plain('second'), aliases: ['twice'], timeoutMs: 0, retry: { retries: -1 } })
      second(): void {}
      @Handles(QuestCompleted, { name: 'third', from: { timestamp: new Date('never') } })
      third(): void {}
      @Handles([undefined] as unknown as AnyEventType[], plain(''))
      unnamed(): void {}
      @EventPattern('plain.topic')
      plainNest(_data: object): void {}
    }
    const { consumer, app: nest } = await connected(FaultyController);
    const start = nest.startAllMicroservices();
    await expect(start).rejects.toMatchObject({
      code: 'INVALID_HANDLERS',
      faults: [
        expect.stringContaining('"Not_Kebab" is no name'),
        expect.stringContaining('twice: "one" is not a version range'),
        expect.stringContaining('second: no event type is named'),
        expect.stringContaining('second: timeoutMs is 0'),
        expect.stringContaining('second: retry.retries is -1'),
        expect.stringContaining('third: from is'),
        expect.stringContaining('a handler without a name: "" is no name'),
        expect.stringContaining('an event type is missing'),
        expect.stringContaining('plain.topic: registered by @EventPattern'),
        expect.stringContaining('twice: 2 handlers have this name'),
      ],
    });
    expect(consumer.started).toBe(0);
  });

  it('refuses to start when it was connected without watching calls', async () => {
    const { app: nest } = await connected();
    const strategy = new KafkaEventsStrategy({ consumer: () => new FakeConsumer() });
    nest.connectMicroservice({ strategy });
    await expect(nest.startAllMicroservices()).rejects.toThrow(/connectKafkaEvents/);
  });
});

describe('a fallback', () => {
  it('VR-9: is called in the stead of its handler, on the controller and through the same guards', async () => {
    const calls: string[] = [];
    let isOpen = true;
    class Fallen {
      readonly mine = 'mine';

      @guard(() => isOpen)
      @Handles(QuestCompleted, { ...plain('falls'), fallback: 'older' })
      handle(): void {
        calls.push('handle');
      }

      older(@Payload() event: EventEnvelope): void {
        calls.push(`older ${event.key} ${this.mine}`);
      }
    }
    Controller()(Fallen);
    const { strategy } = await connected(Fallen);
    const [handler] = strategy.handlers;
    await handler?.fallback?.([fakeEvent(QuestCompleted, '1'), fakeEvent(QuestCompleted, '2')], fakeContext());
    await handler?.invoke([fakeEvent(QuestCompleted)], fakeContext());
    expect(calls).toEqual(['older 1 mine', 'older 2 mine', 'handle']);
    isOpen = false;
    await expect(handler?.fallback?.([fakeEvent(QuestCompleted)], fakeContext())).rejects.toThrow();
  });

  it('must be a method of its controller', () => {
    class Subject {
      handle(): void {}
    }
    const descriptor = Object.getOwnPropertyDescriptor(Subject.prototype, 'handle') ?? {};
    expect(() => Handles(QuestCompleted, { ...plain('falls'), fallback: 'nowhere' })(Subject.prototype, 'handle', descriptor)).toThrow('The fallback nowhere of falls is no method of its controller');
  });
});
