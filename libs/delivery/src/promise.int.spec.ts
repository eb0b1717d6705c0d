import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allEventTypes, QuestFailed } from '@lifeos/contracts';
import type { IncomingRecord } from '@lifeos/events';
import fc from 'fast-check';
import { BatchFailure } from './errors.js';
import type { HandlerDefinition } from './handler.js';
import { DeadLetterDesk } from './operator/dead-letter-desk.js';
import { LetterNotFound } from './operator/errors.js';
import type { Fate } from './testing/failing-database.js';
import { FailingDatabase } from './testing/failing-database.js';
import { batchOf, batchWriter, Fixture, go, writer } from './testing/fixture.js';
import { bareDecoder, idOf, recordOf } from './testing/records.js';

let at: Fixture;
beforeAll(async () => {
  at = await Fixture.open();
});
afterAll(() => at.close());

const size = 24;

const fates = fc.array(fc.constantFrom<Fate>('lives', 'dies before commit', 'answer is lost'), { maxLength: 3 });
const names = ['one', 'named', 'vague'] as const;
const failingEvents = (maxLength: number) => fc.uniqueArray(fc.nat(size - 1), { maxLength });

/** A member of the group fetches; a handler is repaired for some events; an instance retries; an operator skips or retries. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fetch' as const), from: fc.nat(size - 1), length: fc.integer({ min: 1, max: size }), maxEvents: fc.integer({ min: 1, max: 12 }), fates }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('retry' as const), repaired: failingEvents(6), maxEvents: fc.integer({ min: 1, max: 6 }), fates }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('skip' as const), letter: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retry all' as const) }) },
);

/** What a topic holds, which events each handler cannot take, and what happens to them. */
const history = fc.record({
  // An event number below its offset makes the record a copy, or the copy of a copy.
  events: fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(size) }), { minLength: size, maxLength: size }),
  foreign: fc.uniqueArray(fc.nat(size - 1), { maxLength: 6 }),
  unreadable: failingEvents(3),
  failing: fc.record({ one: failingEvents(4), named: failingEvents(4), vague: failingEvents(3) }),
  steps: fc.array(fc.record({ step, isBesideTheNext: fc.boolean() }), { minLength: 1, maxLength: 10 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;
type Step = History['steps'][number]['step'];

function topicOf({ events, foreign, unreadable }: History): IncomingRecord[] {
  return events.map((event, offset) => {
    const source = event !== null && event < offset ? event : offset;
    // A copy has the key of what it copies.
    return recordOf({
      offset,
      event: source,
      user: 1 + (source % 3),
      ...(foreign.includes(offset) ? { type: QuestFailed } : {}),
      ...(unreadable.includes(source) ? { value: Buffer.from('junk') } : {}),
    });
  });
}

/** One life of a service: its topic, what its handlers cannot take as yet, and what an operator skipped. */
class Life {
  readonly skipped = new Map<string, string[]>();
  private readonly records: IncomingRecord[];
  private readonly broken: Record<(typeof names)[number], Set<string>>;
  private readonly startedAt = Date.now();
  private hours = 0;
  private readonly desk = new DeadLetterDesk({ database: at.database, types: allEventTypes, decoder: bareDecoder, now: () => this.now() });

  constructor(private readonly given: History) {
    this.records = topicOf(given);
    const { one, named, vague } = given.failing;
    this.broken = { one: new Set(one.map(idOf)), named: new Set(named.map(idOf)), vague: new Set(vague.map(idOf)) };
  }

  async run(): Promise<void> {
    const { steps } = this.given;
    for (let i = 0; i < steps.length; i++) {
      const [one, other] = [steps[i], steps[i + 1]];
      if (one?.isBesideTheNext === true && other !== undefined) {
        await Promise.all([this.take(one.step), this.take(other.step)]);
        i++;
      } else if (one !== undefined) await this.take(one.step);
    }
    await this.take({ kind: 'fetch', from: 0, length: size, maxEvents: 500, fates: [] });
  }

  /** Everything is repaired; what nobody can repair is skipped, until nothing is parked. */
  async mendAll(): Promise<void> {
    for (const name of names) this.broken[name].clear();
    while ((await at.letters()).length > 0) {
      await this.take({ kind: 'retry all' });
      await this.take({ kind: 'retry', repaired: [], maxEvents: 100, fates: [] });
      if ((await at.letters()).length > 0) await this.skip((await this.desk.list({ status: 'exhausted' })).letters[0]);
    }
  }

  /** Events that the handler must have seen or hold parked, in order, for a person. */
  expected(handler: string, user: string): string[] {
    const heard = this.records.filter(({ offset }) => !this.given.foreign.includes(offset));
    const originals = heard.filter(({ headers }, i) => heard.findIndex((other) => other.headers['ce_id'] === headers['ce_id']) === i);
    const ids = originals.filter(({ key }) => String(key) === user).map(({ headers }) => String(headers['ce_id']));
    return ids.filter((id) => this.skipped.get(handler)?.includes(id) !== true);
  }

  private async take(step: Step): Promise<void> {
    if (step.kind === 'fetch') return this.fetch(step);
    if (step.kind === 'retry') return this.retry(step);
    if (step.kind === 'retry all') return void (await this.desk.retry({ filter: {}, all: true, by: { actor: 'test' } }));
    const { letters } = await this.desk.list();
    return this.skip(letters[step.letter]);
  }

  /** A member that fetches a stretch and does as it is told until the stretch is done. */
  private async fetch({ from, length, maxEvents, fates: fate }: Extract<Step, { kind: 'fetch' }>): Promise<void> {
    const processor = at.processor(this.handlers(), { maxEvents, database: new FailingDatabase(at.database, [...fate]), now: () => this.now() });
    for (let next = from; next < Math.min(from + length, size); ) {
      const outcome = await processor.process(batchOf(this.records.slice(next, from + length), { fetchedOffset: next, highWatermark: size }), go);
      if (outcome.kind === 'done') next = outcome.nextOffset;
      else if (outcome.kind === 'seek') next = outcome.offset;
      else throw new Error(JSON.stringify(outcome));
    }
  }

  private async retry({ repaired, maxEvents, fates: fate }: Extract<Step, { kind: 'retry' }>): Promise<void> {
    for (const event of repaired) for (const name of names) this.broken[name].delete(idOf(event));
    this.hours++;
    await at.retrier(this.handlers(), { maxEvents, database: new FailingDatabase(at.database, [...fate]), now: () => this.now() }).retryDue();
  }

  private async skip(letter: { id: string; handler: string; event_id: string | null } | undefined): Promise<void> {
    if (letter === undefined) return;
    try {
      await this.desk.skip(letter.id, { actor: 'test', reason: 'test' });
    } catch (error) {
      if (error instanceof LetterNotFound) return;
      throw error;
    }
    this.skipped.set(letter.handler, [...(this.skipped.get(letter.handler) ?? []), letter.event_id ?? '']);
  }

  private now(): Date {
    return new Date(this.startedAt + this.hours * 3_600_000);
  }

  private handlers(): HandlerDefinition[] {
    const isBad = (name: (typeof names)[number]) => ({ eventId }: { eventId: string }) => this.broken[name].has(eventId);
    const fail = () => {
      throw new Error('cannot');
    };
    return [
      writer('one', (event) => isBad('one')(event) && fail()),
      batchWriter('named', (events) => {
        const failures = events.filter(isBad('named')).map(({ eventId }) => ({ eventId, error: new Error('cannot') }));
        if (failures.length > 0) throw new BatchFailure(failures);
      }),
      batchWriter('vague', (events) => events.some(isBad('vague')) && fail()),
    ];
  }
}

interface Seen {
  readonly handler: string;
  readonly event_id: string;
  readonly person: string;
}

async function seenEffects(): Promise<Seen[]> {
  return at.rows<Seen>('SELECT handler, event_id, user_id AS person FROM effects ORDER BY seq');
}

/** Effects are the beginning of what each queue holds, in order, and letters are the rest; none is missing and none there twice. */
async function expectOrder(life: Life): Promise<void> {
  const effects = await seenEffects();
  const letters = await at.rows<Seen & { is_follower: boolean }>('SELECT handler, event_id, key AS person, is_follower FROM dead_letters ORDER BY record_offset');
  for (const handler of names) {
    for (const user of ['1', '2', '3']) {
      const mine = (seen: Seen) => seen.handler === handler && seen.person === user;
      const parked = letters.filter(mine);
      expect([...effects.filter(mine), ...parked].map((seen) => seen.event_id)).toEqual(life.expected(handler, user));
      expect(parked.map((letter) => letter.is_follower)).toEqual(parked.map((_, i) => i > 0));
    }
  }
}

describe('BatchProcessor, Retrier and DeadLetterDesk', () => {
  it('P-18: every event takes effect once, is parked or skipped, for each handler, in order per key, whatever is fetched, copied, failing, crashing, retried and mended', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (given) => {
        await at.clear();
        const life = new Life(given);
        await life.run();
        await expectOrder(life);
        expect(await at.positions()).toEqual({ 'named@0': size, 'one@0': size, 'vague@0': size });
        await life.mendAll();
        await expectOrder(life);
      }),
      { numRuns: Number(process.env['LIFEOS_PROPERTY_RUNS'] ?? 30) },
    );
  }, 300_000);
});
