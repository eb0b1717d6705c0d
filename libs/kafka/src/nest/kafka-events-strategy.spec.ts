import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { AnyEventType } from '@lifeos/contracts';
import { closeApps, connected, controllerWith, FakeConsumer, plain, QuestCompleted } from '../testing/connected-handlers.js';
import { Handles } from './handles.decorator.js';
import { KafkaEventsStrategy } from './kafka-events-strategy.js';

afterEach(closeApps);

describe('KafkaEventsStrategy', () => {
  it('starts and stops the consumer with the application, with every handler', async () => {
    const { consumer, app: nest } = await connected(controllerWith(() => 1));
    await nest.startAllMicroservices();
    expect(consumer).toMatchObject({ started: 1, stopped: 0 });
    expect(consumer.handlers.map(({ name }) => name)).toEqual(['subject']);
    await closeApps();
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
