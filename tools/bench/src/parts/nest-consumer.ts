import { performance } from 'node:perf_hooks';
import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, KafkaContext, Payload, ServerKafka, type KafkaOptions } from '@nestjs/microservices';
import type { Consumer } from 'kafkajs';
import { startEffort } from './effort.js';

/** Nest's own Kafka transport, unchanged but for a clock at the group's assignment. */
class ClockedServerKafka extends ServerKafka {
  assigned: { readonly at: number; readonly effort: (events: number) => number } | null = null;

  override async bindEvents(consumer: Consumer): Promise<void> {
    consumer.on(consumer.events.GROUP_JOIN, () => {
      this.assigned ??= { at: performance.now(), effort: startEffort() };
    });
    await super.bindEvents(consumer);
  }
}

export interface NestConsumerOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly groupId: string;
  /** Ends when this many messages are handled. */
  readonly count: number;
  readonly handle: (value: Buffer, headers: Record<string, string>) => Promise<void>;
}

const work = Symbol('work');

export interface NestRun {
  /** ms from the group's assignment to the last message. */
  readonly elapsed: number;
  /** us an event. */
  readonly cpu: number;
}

/** Consumes `count` messages with `@EventPattern`. */
export async function consumeWithNest({ brokers, topic, groupId, count, handle }: NestConsumerOptions): Promise<NestRun> {
  const strategy = new ClockedServerKafka(transportOptions(brokers, groupId));
  const run = await new Promise<NestRun>((resolve, reject) => {
    let handled = 0;
    const counted = async (value: Buffer, headers: Record<string, string>): Promise<void> => {
      await handle(value, headers);
      handled += 1;
      if (handled !== count || strategy.assigned === null) return;
      resolve({ elapsed: performance.now() - strategy.assigned.at, cpu: strategy.assigned.effort(count) });
    };
    listen(strategy, topic, counted).catch(reject);
  });
  await strategy.close();
  return run;
}

function transportOptions(brokers: readonly string[], groupId: string): NonNullable<KafkaOptions['options']> {
  return {
    client: { brokers: [...brokers], clientId: 'bench-nest' },
    consumer: { groupId, allowAutoTopicCreation: false },
    subscribe: { fromBeginning: true },
    run: { partitionsConsumedConcurrently: 1 },
  };
}

type Work = (value: Buffer, headers: Record<string, string>) => Promise<void>;

async function listen(strategy: ClockedServerKafka, topic: string, handle: Work): Promise<void> {
  const app = await NestFactory.createMicroservice(moduleFor(topic, handle), { strategy, logger: ['error', 'warn', 'fatal'] });
  await app.listen();
}

/** The topic is known at run time only, and Nest takes it from the decorator. */
function moduleFor(topic: string, handle: Work): DynamicModule {
  @Controller()
  class BookExperience {
    constructor(@Inject(work) private readonly book: Work) {}

    @EventPattern<string>(topic)
    async handle(@Payload() value: Buffer, @Ctx() context: KafkaContext): Promise<void> {
      await this.book(value, context.getMessage().headers as Record<string, string>);
    }
  }

  @Module({})
  class NestConsumerModule {}

  return { module: NestConsumerModule, controllers: [BookExperience], providers: [{ provide: work, useValue: handle }] };
}
