import { performance } from 'node:perf_hooks';
import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, KafkaContext, Payload, ServerKafka, type KafkaOptions } from '@nestjs/microservices';
import type { Consumer } from 'kafkajs';

/** Nest's own Kafka transport, unchanged but for a clock at the group's assignment. */
class ClockedServerKafka extends ServerKafka {
  assignedAt: number | null = null;

  override async bindEvents(consumer: Consumer): Promise<void> {
    consumer.on(consumer.events.GROUP_JOIN, () => {
      this.assignedAt ??= performance.now();
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

/** Consumes `count` messages with `@EventPattern`; returns ms from the group's assignment to the last one. */
export async function consumeWithNest({ brokers, topic, groupId, count, handle }: NestConsumerOptions): Promise<number> {
  const strategy = new ClockedServerKafka(transportOptions(brokers, groupId));
  const elapsed = await new Promise<number>((resolve, reject) => {
    let handled = 0;
    const counted = async (value: Buffer, headers: Record<string, string>): Promise<void> => {
      await handle(value, headers);
      handled += 1;
      if (handled === count) resolve(performance.now() - (strategy.assignedAt ?? Number.NaN));
    };
    listen(strategy, topic, counted).catch(reject);
  });
  await strategy.close();
  return elapsed;
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
