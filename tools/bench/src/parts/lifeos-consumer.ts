import { setTimeout as sleep } from 'node:timers/promises';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { allEventTypes } from '@lifeos/contracts';
import { BatchProcessor, type DeliveryLog, type HandlerDefinition } from '@lifeos/delivery';
import { KafkaConsumerRunner, KafkaEventsStrategy, watchCalls } from '@lifeos/kafka';
import { openSchemaRegistry } from '@lifeos/schema-registry';
import type { BenchEnv } from '../harness/scenario.js';
import type { QuestLog } from './quest-log.js';

export interface ConsumerSetup {
  readonly env: BenchEnv;
  readonly log: Pick<QuestLog, 'database' | 'eventLog'>;
  /** Nest controllers with `@Handles` methods. */
  readonly controllers: readonly Type[];
  readonly topic: string;
  readonly groupId: string;
  /** Default 1, as with the reference. */
  readonly partitionsAtOnce?: number;
}

/** A consuming service without HTTP: Nest, its strategy, the batch processor, the consumer. */
export interface LifeOsConsumer {
  /** When the group gave this process its partitions, on `performance.now()`. */
  readonly assignedAt: number;
  stop(): Promise<void>;
}

/** Resolves when the group has assigned the partitions. */
export async function startLifeOsConsumer(setup: ConsumerSetup): Promise<LifeOsConsumer> {
  let runner: KafkaConsumerRunner | null = null;
  const strategy = new KafkaEventsStrategy({ consumer: (handlers) => (runner = runnerFor(setup, handlers)) });
  const app = await NestFactory.createMicroservice(moduleOf(setup.controllers), { strategy, logger: ['error', 'warn', 'fatal'] });
  watchCalls(app, strategy);
  await app.listen();
  while (runner === null || !isAssigned(runner)) await sleep(1);
  return { assignedAt: performance.now(), stop: () => app.close() };
}

function isAssigned(runner: KafkaConsumerRunner): boolean {
  return runner.state().status === 'running';
}

function runnerFor({ env, log, topic, groupId, partitionsAtOnce = 1 }: ConsumerSetup, handlers: readonly HandlerDefinition[]): KafkaConsumerRunner {
  const { decoder } = openSchemaRegistry({ url: env.registryUrl }, allEventTypes);
  const { database, eventLog } = log;
  const processor = new BatchProcessor({ handlers, decoder, database, eventLog, knownTypes: allEventTypes, logger: troubleOnly });
  const kafka = { brokers: env.brokers, clientId: 'bench-lifeos' };
  return new KafkaConsumerRunner({ kafka, groupId, topics: [topic], processor, settings: { partitionsConsumedConcurrently: partitionsAtOnce } });
}

/** A benchmark in which batches run again or park something must say so. */
const troubleOnly: DeliveryLog = {
  info: () => undefined,
  warn: (message, fields) => console.error(message, fields),
  error: (message, fields) => console.error(message, fields),
};

function moduleOf(controllers: readonly Type[]): DynamicModule {
  @Module({})
  class ConsumingModule {}
  return { module: ConsumingModule, controllers: [...controllers] };
}
