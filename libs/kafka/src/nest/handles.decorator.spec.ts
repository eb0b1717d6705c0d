import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Module, Scope } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { boom, closeApps, connected, connectedModule, controllerWith, guard, LevelUp, plain, QuestCompleted } from '../testing/connected-handlers.js';
import { fakeContext, fakeEvent } from '../testing/fake-events.js';
import { Handles } from './handles.decorator.js';

afterEach(closeApps);

describe('a method under @Handles', () => {
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
    const { strategy } = await connectedModule(TestModule);
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
