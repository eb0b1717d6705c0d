import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { grantConsents, type ServiceBench } from '@lifeos/app-testing';
import { MovableClock } from '@lifeos/service';
import { connect, newPerson, openIntegrationsBench, point, told } from '../testing/bench.js';

let bench: ServiceBench;
const clock = new MovableClock();
beforeAll(async () => {
  bench = await openIntegrationsBench(clock);
});
afterAll(() => bench.close());

const ago = (seconds: number): Date => new Date(clock.now().getTime() - seconds * 1000);
const many = (count: number) => ({ metric: 'task.completed', value: 1, unit: 'count', count, from: ago(20_000).toISOString() });
const sync = (id: number, as: number) => bench.call(`/integrations/${id}/sync`, { method: 'PUT', as });
const after = async (user: number, from = 1) => (await told(bench, user)).slice(from);
const give = (id: number, as: number, credentials: Record<string, unknown>) => bench.call(`/integrations/${id}/credentials`, { method: 'PUT', as, body: { credentials } });
const rowOf = async (id: number) => (await bench.database.query('SELECT * FROM integrations WHERE integration_id = $1', [id])).rows[0] ?? {};

describe('R-6, I-4: a sync', () => {
  it('tells of the points of each kind, then that it came to its end', async () => {
    const user = await newPerson(bench);
    const times = [ago(7200), ago(3600)];
    const id = await connect(bench, user, { credentials: { points: [point(times[0]!, 2), point(times[1]!, 0.5, { metric: 'workout.minutes', unit: 'h' })] } });
    const { status, body } = await sync(id, user);
    expect([status, body]).toEqual([200, {
      integration_id: id, sync_job_id: expect.any(String), sync_timestamp: expect.any(String), records_processed: 2, points_taken: 2, points_known: 0, points_refused: 0,
      success: true, data_quality_score: 1, note: null, completed_quest_ids: [],
    }]);
    const about = { user_id: user, integration_id: id };
    const received = { ...about, sync_timestamp: new Date(String(body['sync_timestamp'])), data_quality_score: 1, data_points_count: 1 };
    expect(await after(user)).toEqual([
      ['ExternalDataReceived', { ...received, data_type: 'task', data_points: [{ metric: 'task.completed', value: 2, unit: 'count', recorded_at: times[0] }] }],
      ['ExternalDataReceived', { ...received, data_type: 'workout', data_points: [{ metric: 'workout.minutes', value: 30, unit: 'min', recorded_at: times[1] }] }],
      ['DataSyncCompleted', { ...about, sync_job_id: body['sync_job_id'], records_processed: 2, sync_duration_ms: expect.any(Number), success: true }],
    ]);
  });

  it('I-6: takes each point once, also when it comes twice in one answer', async () => {
    const user = await newPerson(bench);
    const at = ago(60);
    const id = await connect(bench, user, { credentials: { points: [point(at), point(at, 7), point(ago(30))] } });
    expect((await sync(id, user)).body).toMatchObject({ points_taken: 2, points_known: 1 });
    expect((await sync(id, user)).body).toMatchObject({ points_taken: 0, points_known: 3 });
    const events = await after(user);
    expect(events.map(([name, { data_points_count }]) => [name, data_points_count])).toEqual([['ExternalDataReceived', 2], ['DataSyncCompleted', undefined], ['DataSyncCompleted', undefined]]);
    expect(new Set(events.map(([, { sync_job_id }]) => sync_job_id)).size).toBe(3);
  });

  it('tells of more than 1,000 points in several events', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { many: many(2_001) } });
    expect((await sync(id, user)).body).toMatchObject({ records_processed: 2_001, points_taken: 2_001 });
    const events = (await after(user)).filter(([name]) => name === 'ExternalDataReceived').map(([, payload]) => payload);
    expect(events.map(({ data_points_count, data_points }) => [data_points_count, (data_points as unknown[]).length])).toEqual([[1000, 1000], [1000, 1000], [1, 1]]);
    const all = events.flatMap(({ data_points }) => data_points as { recorded_at: Date }[]);
    expect(new Set(all.map(({ recorded_at }) => recorded_at.getTime())).size).toBe(2_001);
  });

  it('goes on where more is left than one run takes', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { many: many(10_001) } });
    expect((await sync(id, user)).body).toMatchObject({ points_taken: 10_000 });
    expect((await rowOf(id))['next_sync_at']).toEqual((await rowOf(id))['last_sync_at']);
    expect((await sync(id, user)).body).toMatchObject({ records_processed: 1, points_taken: 1 });
  });

  it('I-5, I-7: leaves bad points out, and says how good the data are', async () => {
    const user = await newPerson(bench);
    const points = [point(ago(1)), point(ago(2)), point(ago(3)), point(ago(4), -1), point(ago(5), 1, { metric: 'steps' }), point(ago(6), 9, { metric: 'sleep.hours', unit: '' })];
    const id = await connect(bench, user, { credentials: { points } });
    expect((await sync(id, user)).body).toMatchObject({ points_taken: 3, points_refused: 3, success: false, data_quality_score: 0.5, note: expect.stringContaining('Only 50 %') });
    expect((await after(user)).map(([name, { data_type, data_points_count, data_quality_score, success }]) => [name, data_type, data_points_count, data_quality_score, success])).toEqual([
      ['ExternalDataReceived', 'task', 3, 0.75, undefined], ['ExternalDataReceived', 'sleep', 0, 0, undefined], ['DataSyncCompleted', undefined, undefined, undefined, false],
    ]);
    expect((await bench.call(`/integrations/${user}`, { as: user })).body).toMatchObject({ integrations: [{ data_quality_score: 0.5, note: expect.stringContaining('50 %') }] });
  });

  it('I-7: of nothing is whole', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { points: [] } });
    expect((await sync(id, user)).body).toMatchObject({ records_processed: 0, data_quality_score: 1, success: true });
    expect((await after(user)).map(([name]) => name)).toEqual(['DataSyncCompleted']);
  });

  it('is one at a time', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { points: [point(ago(1))] } });
    const answers = await Promise.all([sync(id, user), sync(id, user), sync(id, user)]);
    for (const { status, body } of answers) expect([200, 'sync_under_way']).toContain(status === 200 ? status : body['error']);
    expect((await after(user)).filter(([name]) => name === 'ExternalDataReceived')).toHaveLength(1);
  });

  it('V-6: needs consent at its end too; then nothing was taken', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { points: [point(ago(1))] } });
    await grantConsents(bench.database, user, []);
    expect(await sync(id, user)).toMatchObject({ status: 403, body: { error: 'consent_missing' } });
    await grantConsents(bench.database, user, ['external_integrations'], { DataSyncCompleted: false });
    expect((await sync(id, user)).body).toMatchObject({ points_taken: 1 });
    expect((await after(user)).map(([name]) => name)).toEqual(['ExternalDataReceived']);
  });
});

describe('I-4, I-9: a sync that fails', () => {
  it.each(['API_ERROR', 'AUTH_ERROR', 'TIMEOUT', 'VALIDATION_ERROR'])('tells of %s, without credentials, and offers entry by hand', async (fail) => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { token: 'very-secret', fail, leak: true } });
    const { status, body } = await sync(id, user);
    expect([status, body]).toEqual([503, {
      error: 'sync_failed', message: 'The service did not answer as it should: ***. Values can be entered by hand meanwhile.',
      details: { sync_job_id: expect.any(String), error_code: fail, next_sync_at: expect.any(String), manual_entry: true },
    }]);
    expect(await after(user)).toEqual([['DataSyncFailed', {
      user_id: user, integration_id: id, sync_job_id: (body['details'] as { sync_job_id: string }).sync_job_id, error_code: fail, error_message: 'The service did not answer as it should: ***.', retry_count: 0,
    }]]);
    expect((await bench.call(`/integrations/${user}`, { as: user })).body).toMatchObject({ integrations: [{ last_error: { error_code: fail }, note: expect.stringContaining('by hand') }] });
  });

  it('is one of which no point can be used', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { points: [point('2999-01-01T00:00:00Z')] } });
    expect(await sync(id, user)).toMatchObject({ status: 503, body: { details: { error_code: 'VALIDATION_ERROR' } } });
    expect((await after(user)).map(([name]) => name)).toEqual(['DataSyncFailed']);
  });

  it('plans its retries: 60 s × 2^retry, five of them', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { fail: 'API_ERROR' } });
    const waits: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      await bench.database.query('UPDATE integrations SET circuit_opened_at = NULL WHERE integration_id = $1', [id]);
      await sync(id, user);
      const { next_sync_at, last_error_at } = (await rowOf(id)) as { next_sync_at: Date; last_error_at: Date };
      waits.push(Math.round((next_sync_at.getTime() - last_error_at.getTime()) / 1000));
    }
    expect(waits.slice(0, 5)).toEqual([60, 120, 240, 480, 960]);
    expect(waits[5]).toBeGreaterThan(80_000);
    expect((await after(user)).map(([, { retry_count }]) => retry_count)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await rowOf(id)).toMatchObject({ retries: 0 });
  });
});

describe('I-8, F-6: the circuit', () => {
  it('opens after five failures, refuses at once, and is closed by a trial after 300 s', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { fail: 'API_ERROR', fail_times: 5, points: [point(ago(1))] } });
    const codes: unknown[] = [];
    for (let round = 0; round < 6; round += 1) codes.push((await sync(id, user)).body['error']);
    expect(codes).toEqual([...Array<string>(5).fill('sync_failed'), 'circuit_open']);
    expect((await after(user)).map(([name, { error_code, retry_count }]) => [name, error_code, retry_count])).toEqual([
      ...[0, 1, 2, 3, 4].map((retry) => ['DataSyncFailed', 'API_ERROR', retry]), ['DataSyncFailed', 'CIRCUIT_OPEN', 5],
    ]);
    const opened = (await rowOf(id))['circuit_opened_at'] as Date;
    clock.set(new Date(opened.getTime() + 290_000));
    expect((await sync(id, user)).body).toMatchObject({ error: 'circuit_open' });
    clock.set(new Date(opened.getTime() + 300_000));
    expect(await sync(id, user)).toMatchObject({ status: 200, body: { points_taken: 1 } });
    expect(await rowOf(id)).toMatchObject({ failures: 0, circuit_opened_at: null, retries: 0, last_error_code: null });
    clock.reset();
  });

  it('opens again when the trial fails; new credentials begin anew', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { fail: 'API_ERROR' } });
    for (let round = 0; round < 5; round += 1) await sync(id, user);
    clock.set(new Date(clock.now().getTime() + 301_000));
    expect((await sync(id, user)).body).toMatchObject({ error: 'sync_failed' });
    expect((await sync(id, user)).body).toMatchObject({ error: 'circuit_open' });
    expect(await give(id, user, { points: [] })).toMatchObject({ status: 200, body: { circuit: 'closed' } });
    expect(await sync(id, user)).toMatchObject({ status: 200 });
    clock.reset();
  });
});

describe('I-11, F-4: quests that complete by themselves', () => {
  const watch = (user: number, quest_id: number, rules: unknown[], since = ago(3600)) =>
    bench.database.query(
      `INSERT INTO watched_quests (quest_id, user_id, state, active_since, rules, rules_told_at) VALUES ($1, $2, 'awake', $3, $4, $3)`,
      [quest_id, user, since, JSON.stringify(rules)],
    );
  const rule = (threshold: number, over: Record<string, unknown> = {}) => ({ source: 'todoist', metric: 'task.completed', operator: '>=', threshold, ...over });

  it('are told of once, with the fifth finished task since they became active', async () => {
    const user = await newPerson(bench);
    const tasks = [4000, 500, 400, 300, 200].map((seconds) => point(ago(seconds)));
    const id = await connect(bench, user, { credentials: { points: tasks } });
    await watch(user, 7_001, [rule(9), rule(5)]);
    await watch(user, 7_002, [rule(1, { source: 'strava' })]);
    expect((await sync(id, user)).body).toMatchObject({ points_taken: 5, completed_quest_ids: [] });
    await give(id, user, { points: [...tasks, point(ago(100))] });
    expect((await sync(id, user)).body).toMatchObject({ points_taken: 1, completed_quest_ids: [7_001] });
    expect((await sync(id, user)).body).toMatchObject({ completed_quest_ids: [] });
    const events = (await bench.events()).filter(({ key }) => key === String(user));
    const triggered = events.filter(({ type }) => type.name === 'AutoCompletionTriggered');
    expect(triggered.map(({ payload }) => payload)).toEqual([{
      user_id: user, quest_id: 7_001, trigger_source: 'todoist', completion_timestamp: expect.any(Date),
      trigger_data: { metric: 'task.completed', operator: '>=', threshold: 5, sum: 5, since: expect.any(String) },
    }]);
    expect(events.filter(({ type }) => type.name === 'DataSyncCompleted').map(({ eventId }) => eventId)).toContain(triggered[0]?.causationId);
  });

  it('are left alone when the person does not let that event be made', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { points: [point(ago(10))] } });
    await watch(user, 7_003, [rule(1)]);
    await grantConsents(bench.database, user, ['external_integrations'], { AutoCompletionTriggered: false });
    expect((await sync(id, user)).body).toMatchObject({ points_taken: 1, completed_quest_ids: [] });
    await grantConsents(bench.database, user, ['external_integrations']);
    expect((await sync(id, user)).body).toMatchObject({ points_taken: 0, completed_quest_ids: [7_003] });
  });
});
