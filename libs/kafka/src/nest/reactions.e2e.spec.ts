import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Catch, Controller, Module, UseFilters, UseGuards, UseInterceptors, type CallHandler, type CanActivate, type ExceptionFilter, type ExecutionContext, type INestApplication, type NestInterceptor, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { catchError, of, type Observable } from 'rxjs';
import { BatchProcessor, deliveryMigrations, type HandlerContext } from '@lifeos/delivery';
import { headersOf, newEventId, type EventEnvelope, type RecordDecoder } from '@lifeos/events';
import { migrate, openDatabase, type Database } from '@lifeos/postgres';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { createTopics } from '../admin/create-topics.js';
import { withAdmin } from '../admin/with-admin.js';
import { KafkaConsumerRunner } from '../consumer/kafka-consumer-runner.js';
import { KafkaRecordPublisher } from '../publisher/kafka-record-publisher.js';
import { randomName, testKafka } from '../testing/e2e-kafka.js';
import { eventType } from '../testing/fake-events.js';
import { until } from '../testing/scripted-processor.js';
import { connectKafkaEvents } from './connect-kafka-events.js';
import { Handles } from './handles.decorator.js';
import { KafkaEventsStrategy } from './kafka-events-strategy.js';

const config = testKafka();
const topic = randomName('reactions');
const QuestCompleted = eventType('QuestCompleted', topic);
const withinMs = 90_000;
const decoder: RecordDecoder = { decode: (record) => JSON.parse(String(record.value)) };

async function note(handler: string, event: EventEnvelope, { tx }: HandlerContext): Promise<void> {
  await tx.query('INSERT INTO effects (handler, event_id) VALUES ($1, $2)', [handler, event.eventId]);
}

@Catch()
class MapsEverything implements ExceptionFilter {
  catch(): unknown {
    return of('fine');
  }
}

class RefusesUserSeven implements CanActivate {
  canActivate(context: { getArgByIndex(index: number): EventEnvelope }): boolean {
    return context.getArgByIndex(0).key !== '7';
  }
}

@Controller()
class GoodReaction {
  @Handles(QuestCompleted, { name: 'good', from: 'beginning' })
  handle(@Payload() event: EventEnvelope, @Ctx() context: HandlerContext): Promise<void> {
    return note('good', event, context);
  }
}

@Controller()
class GuardedReaction {
  @UseGuards(RefusesUserSeven)
  @Handles(QuestCompleted, { name: 'guarded', from: 'beginning' })
  handle(@Payload() event: EventEnvelope, @Ctx() context: HandlerContext): Promise<void> {
    return note('guarded', event, context);
  }
}

@Controller()
class HidingReaction {
  @UseFilters(MapsEverything)
  @Handles(QuestCompleted, { name: 'hiding', from: 'beginning' })
  async handle(@Payload() event: EventEnvelope, @Ctx() context: HandlerContext): Promise<void> {
    await note('hiding', event, context);
    if (event.key === '8') throw new Error('hidden by a filter');
  }
}

class SwallowsEverything implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError(() => of('fine')));
  }
}

@Controller()
class SwallowingReaction {
  @UseInterceptors(SwallowsEverything)
  @Handles(QuestCompleted, { name: 'swallowing', from: 'beginning' })
  async handle(@Payload() event: EventEnvelope, @Ctx() context: HandlerContext): Promise<void> {
    await note('swallowing', event, context);
    if (event.key === '1') throw new Error('swallowed by an interceptor');
  }
}

describe('reactions through Nest, Kafka and PostgreSQL', () => {
  let test: TestDatabase;
  let database: Database;
  let app: INestApplication | undefined;
  const publisher = new KafkaRecordPublisher(config);

  beforeAll(async () => {
    test = await createTestDatabase();
    await migrate({ url: test.url, sets: [deliveryMigrations] });
    database = openDatabase({ url: test.url, applicationName: 'reactions', max: 6 });
    await database.query('CREATE TABLE effects (handler text NOT NULL, event_id uuid NOT NULL)');
    await createTopics(config, [{ topic, partitions: 3 }]);
  });
  afterEach(async () => {
    await app?.close();
  });
  afterAll(async () => {
    await publisher.close();
    await database.close();
    await test.drop();
    await withAdmin(config, (admin) => admin.deleteTopics({ topics: [topic] }));
  });

  async function serve(...controllers: Type[]): Promise<KafkaConsumerRunner> {
    class ReactionsModule {}
    Module({ controllers })(ReactionsModule);
    const module = await Test.createTestingModule({ imports: [ReactionsModule] }).setLogger({ log: () => {}, warn: () => {}, error: () => {} }).compile();
    const runners: KafkaConsumerRunner[] = [];
    const strategy = new KafkaEventsStrategy({
      consumer: (handlers) => {
        const processor = new BatchProcessor({ handlers, decoder, database, eventLog: { append: () => {} } });
        const runner = new KafkaConsumerRunner({ kafka: config, groupId: topic, topics: [topic], processor });
        runners.push(runner);
        return runner;
      },
    });
    app = module.createNestApplication(new FastifyAdapter());
    connectKafkaEvents(app, strategy);
    await app.startAllMicroservices();
    const [runner] = runners;
    if (!runner) throw new Error('no consumer was built');
    return runner;
  }

  async function publish(users: readonly string[]): Promise<void> {
    await publisher.publish(
      users.map((key) => ({
        topic,
        key,
        value: Buffer.from('{}'),
        headers: headersOf({ eventId: newEventId(), recordName: QuestCompleted.recordName, context: 'test', version: '1.0.0', timestamp: new Date(), key, correlationId: null, causationId: null, traceparent: null }),
      })),
    );
  }

  async function counts(): Promise<Record<string, number>> {
    const { rows } = await database.query<{ name: string; count: string }>(
      `SELECT handler AS name, count(*) FROM effects GROUP BY 1 UNION ALL SELECT handler || ' parked', count(*) FROM dead_letters GROUP BY 1`,
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, Number(count)]));
  }

  it('takes effect once, and parks what a guard refused, a filter hid or an interceptor swallowed, for that handler and key alone', async () => {
    await publish(['1', '2', '7', '8', '1', '7', '8', '3']);
    const runner = await serve(GoodReaction, GuardedReaction, HidingReaction, SwallowingReaction);
    const isDone = () => runner.state().partitions.length === 3 && runner.state().partitions.every(({ lag }) => lag === 0);
    await until(isDone, 'all records');
    expect(await counts()).toEqual({ good: 8, guarded: 6, 'guarded parked': 2, hiding: 6, 'hiding parked': 2, swallowing: 6, 'swallowing parked': 2 });
  }, withinMs);

  it('goes on after a restart, without doing anything twice', async () => {
    await publish(['1', '2', '3']);
    const runner = await serve(GoodReaction);
    const isDone = () => runner.state().partitions.length === 3 && runner.state().partitions.every(({ lag }) => lag === 0);
    await until(isDone, 'all records');
    expect(await counts()).toMatchObject({ good: 11 });
  }, withinMs);
});
