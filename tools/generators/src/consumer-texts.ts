import { snake } from './names.js';

export interface ConsumerNames {
  readonly does: string;
  readonly handler: string;
  readonly className: string;
  /** What generated code calls the event. */
  readonly type: string;
  readonly major: number;
  readonly service: string;
}

export function consumerTexts(names: ConsumerNames): { reaction: string; test: string; migration: string } {
  return { reaction: reactionText(names), test: testText(names), migration: migrationText(names) };
}

const reactionText = ({ does, handler, className, type, major }: ConsumerNames): string => `import { ${type} } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

@Controller()
export class ${className} {
  @Handles(${type}, { name: '${handler}', versions: '^${major}.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof ${type}>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await tx.query(
      \`INSERT INTO ${snake(does)} (event_id, user_id, happened_at)
       SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[])\`,
      [events.map(({ eventId }) => eventId), events.map(({ payload }) => payload.user_id), events.map(({ timestamp }) => timestamp)],
    );
  }
}
`;

const testText = ({ does, handler, className, type }: ConsumerNames): string => `import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { ${type}, type ${type}Input } from '@lifeos/contracts';
import { payloadArbitrary } from '@lifeos/contracts/testing';
import fc from 'fast-check';
import { ${className} } from './${handler}.js';

let bench: ReactionBench;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const events = fc.sample(payloadArbitrary(${type}), { numRuns: 3, seed: 1 }).map((payload, index) => eventOf(${type}, { ...payload, user_id: index + 1 } as ${type}Input));
const stored = async (): Promise<unknown[]> => (await bench.database.query('SELECT event_id FROM ${snake(does)} ORDER BY user_id')).rows.map((row) => row['event_id']);

describe('${handler}', () => {
  it('stores each event once, also when it is delivered again', async () => {
    await bench.handle(new ${className}(), ...events);
    await bench.handle(new ${className}(), ...events);
    expect(await stored()).toEqual(events.map(({ eventId }) => eventId));
  });
});
`;

const migrationText = ({ does, handler }: ConsumerNames): string => `-- What ${handler} has heard.
CREATE TABLE ${snake(does)} (
  event_id uuid PRIMARY KEY,
  user_id bigint NOT NULL,
  happened_at timestamptz NOT NULL
);
CREATE INDEX ON ${snake(does)} (user_id);
`;
