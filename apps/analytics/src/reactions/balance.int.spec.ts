import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, grantConsents, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { type BalanceScoreCalculatedPayload, LifeStatUpdated, type LifeStatUpdatedInput, PatternDetected } from '@lifeos/contracts';
import { storedConsents } from '@lifeos/service';
import { EvaluateBalanceWhenLifeStatUpdated } from './evaluate-balance-when-life-stat-updated.js';
import { EvaluateBalanceWhenPatternDetected } from './evaluate-balance-when-pattern-detected.js';
import { RestoreBalanceWhenBalanceScoreCalculated } from './restore-balance-when-balance-score-calculated.js';
import { RestoreShiftWhenBalanceShiftDetected } from './restore-shift-when-balance-shift-detected.js';

let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const whenUpdated = new EvaluateBalanceWhenLifeStatUpdated(storedConsents);
const whenDetected = new EvaluateBalanceWhenPatternDetected(storedConsents);
const subcategories = { health: 'physical', wealth: 'work_company', relationships: 'family' } as const;

/** A life stat of an area at so many of 100. */
const updated = (user_id: number, category: LifeStatUpdatedInput['category'], progress: number, when: string) =>
  eventOf(
    LifeStatUpdated,
    { user_id, category, subcategory: subcategories[category], previous_value: 0, new_value: progress, unit: 'points', source: 'manual', target: 100 },
    new Date(when),
  );
const pattern = (user_id: number, when: string) =>
  eventOf(PatternDetected, { user_id, pattern_id: 1, pattern_type: 'mood', description: 'Mood falls.', confidence_score: 0.9, detection_timestamp: new Date(when) }, new Date(when));

const someone = async (...purposes: Parameters<typeof grantConsents>[2]) => {
  const user = ++person;
  await grantConsents(bench.database, user, purposes);
  return user;
};
const told = (raised: Awaited<ReturnType<ReactionBench['handle']>>) => raised.map(({ type, payload }) => ({ name: type.name, ...payload }));
const overallOf = (raised: Awaited<ReturnType<ReactionBench['handle']>>) =>
  raised.flatMap(({ type, payload }) => (type.name === 'BalanceScoreCalculated' ? [(payload as BalanceScoreCalculatedPayload).overall_balance] : []));

describe('AN-1, AN-2: a life stat', () => {
  it('leads to scores when one moved by 0.01 or more, each over a batch', async () => {
    const user = await someone('analytics');
    const day = '2026-11-01T10:00:00Z';
    const raised = await bench.handle(
      whenUpdated,
      updated(user, 'health', 80, day), updated(user, 'wealth', 60, day), updated(user, 'relationships', 70, day),
      updated(user, 'health', 80.99, day), updated(user, 'health', 81, day),
    );
    const scores = told(raised).filter(({ name }) => name === 'BalanceScoreCalculated');
    expect(scores).toHaveLength(4);
    expect(scores[2]).toEqual({
      name: 'BalanceScoreCalculated', user_id: user, health_score: 0.8, wealth_score: 0.6, relationships_score: 0.7, overall_balance: 0.7, calculation_timestamp: new Date(day),
    });
    expect(scores[3]).toMatchObject({ health_score: 0.81, overall_balance: 0.7033 });
    expect(await bench.handle(whenUpdated, updated(user, 'health', 81, '2026-11-02T10:00:00Z'))).toEqual([]);
  });

  it('without a target moves nothing', async () => {
    const user = await someone('analytics');
    const { payload, ...rest } = updated(user, 'health', 80, '2026-11-01T10:00:00Z');
    expect(await bench.handle(whenUpdated, { ...rest, payload: { ...payload, target: null } })).toEqual([]);
  });

  it('AN-8: of a person without consent is kept and told of nobody, until a pattern finds consent given', async () => {
    const user = await someone('ai_insights');
    expect(await bench.handle(whenUpdated, updated(user, 'health', 80, '2026-11-01T10:00:00Z'))).toEqual([]);
    expect(await bench.handle(whenDetected, pattern(user, '2026-11-01T11:00:00Z'))).toEqual([]);
    const { rows } = await bench.database.query('SELECT FROM balance_history WHERE user_id = $1', [user]);
    expect(rows).toEqual([]);
    await grantConsents(bench.database, user, ['analytics']);
    expect(told(await bench.handle(whenDetected, pattern(user, '2026-11-01T12:00:00Z')))).toMatchObject([{ name: 'BalanceScoreCalculated', health_score: 0.8 }]);
    expect(await bench.handle(whenDetected, pattern(user, '2026-11-01T13:00:00Z'))).toEqual([]);
  });

  it('V-5: refused by name, shifts are not looked for', async () => {
    const user = ++person;
    await grantConsents(bench.database, user, ['analytics'], { BalanceShiftDetected: false });
    expect(told(await bench.handle(whenUpdated, updated(user, 'health', 100, '2026-11-01T10:00:00Z'))).map(({ name }) => name)).toEqual(['BalanceScoreCalculated']);
  });
});

describe('AN-3: shifts', () => {
  it('are measured against 7 days ago and told once in 7 days', async () => {
    const user = await someone('analytics');
    const shifts = async (progress: number, when: string) =>
      told(await bench.handle(whenUpdated, updated(user, 'health', progress, when))).filter(({ name }) => name === 'BalanceShiftDetected');
    expect(await shifts(80, '2026-11-01T10:00:00Z')).toEqual([]);
    expect(await shifts(70, '2026-11-08T09:59:59Z')).toEqual([]);
    expect(await shifts(70.01, '2026-11-08T10:00:00Z')).toEqual([]);
    expect(await shifts(60, '2026-11-08T11:00:00Z')).toMatchObject([{ shift_type: 'decline', affected_areas: ['health'], severity: 'moderate', shift_timestamp: new Date('2026-11-08T11:00:00Z') }]);
    expect(await shifts(40, '2026-11-09T10:00:00Z')).toEqual([]);
    expect(await shifts(20, '2026-11-15T11:00:00Z')).toMatchObject([{ shift_type: 'decline', severity: 'high', recommended_actions: [expect.any(String)] }]);
    expect(await shifts(100, '2026-11-22T11:00:00Z')).toMatchObject([{ shift_type: 'improvement', severity: 'high', recommended_actions: [] }, { shift_type: 'imbalance', affected_areas: ['wealth', 'health'] }]);
  });
});

describe('F-10: a rebuilt service', () => {
  const days = (user: number) =>
    [['health', 80, '01'], ['wealth', 90, '02'], ['health', 40, '09'], ['relationships', 10, '10'], ['health', 90, '20']]
      .map(([area, progress, day]) => updated(user, area as 'health', Number(progress), `2026-11-${day}T10:00:00Z`));
  const state = async (user: number) => {
    const tables = ['balances', 'announced_balances', 'balance_history', 'balance_shifts', 'daily_series', 'life_stats'];
    return Promise.all(tables.map(async (table) => (await bench.database.query(`SELECT to_jsonb(t) AS row FROM ${table} t WHERE user_id = $1 ORDER BY t::text`, [user])).rows));
  };
  const forget = async (user: number) => {
    for (const table of ['balances', 'announced_balances', 'balance_history', 'balance_shifts', 'daily_series', 'life_stats']) {
      await bench.database.query(`DELETE FROM ${table} WHERE user_id = $1`, [user]);
    }
    await bench.database.query('UPDATE event_log SET epoch = 0 WHERE key = $1', [String(user)]);
    await bench.database.query('DELETE FROM inbox');
  };
  /** Records are read again: the same events under the same ids, as new deliveries. */
  const own = async (user: number, name: string) => {
    const events = [];
    for await (const event of bench.eventLog.readAll()) if (event.key === String(user) && event.type.name === name) events.push(event);
    return events as never[];
  };
  const count = async (user: number) => Number((await bench.database.query<{ n: string }>('SELECT count(*) AS n FROM event_log WHERE key = $1', [String(user)])).rows[0]?.n);

  it.each([
    ['its own topic first', true],
    ['its own topic last', false],
  ])('ends equal with the same ids, with %s', async (_order, ownFirst) => {
    const user = await someone('analytics');
    const events = days(user);
    await bench.handle(whenUpdated, ...events);
    const [before, published] = [await state(user), await count(user)];
    expect(published).toBeGreaterThan(5);
    const scores = await own(user, 'BalanceScoreCalculated');
    const shifts = await own(user, 'BalanceShiftDetected');
    await forget(user);
    const readBack = async () => {
      await bench.handle(new RestoreBalanceWhenBalanceScoreCalculated(storedConsents), ...scores);
      await bench.handle(new RestoreShiftWhenBalanceShiftDetected(storedConsents), ...shifts);
    };
    if (ownFirst) await readBack();
    for (const event of events) await bench.handle(whenUpdated, event);
    if (!ownFirst) await readBack();
    expect(await state(user)).toEqual(before);
    expect(await count(user)).toBe(published);
  });

  it('tells nothing of a time that it told nothing of then, although consent stands now', async () => {
    const user = await someone();
    const events = days(user);
    await bench.handle(whenUpdated, ...events.slice(0, 3));
    await grantConsents(bench.database, user, ['analytics']);
    await bench.handle(whenUpdated, ...events.slice(3));
    const published = await count(user);
    await forget(user);
    await bench.handle(whenUpdated, ...events);
    expect(await count(user)).toBe(published);
    expect(overallOf(await bench.handle(whenUpdated, updated(user, 'health', 10, '2026-11-21T10:00:00Z')))).toEqual([0.3667]);
  });
});
