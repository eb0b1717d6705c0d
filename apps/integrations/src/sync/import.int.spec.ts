import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { grantConsents, type ServiceBench } from '@lifeos/app-testing';
import { MovableClock } from '@lifeos/service';
import { connect, newPerson, openIntegrationsBench, told } from '../testing/bench.js';

let bench: ServiceBench;
beforeAll(async () => {
  bench = await openIntegrationsBench(new MovableClock());
});
afterAll(() => bench.close());

const bank = { service_name: 'bank_csv', integration_type: 'wealth', credentials: { token: 'not-kept' } };
const apple = { service_name: 'apple_health', integration_type: 'health', credentials: {} };
const send = (id: number, as: number | undefined, bytes: string | ReadableStream<Uint8Array>, type = 'text/csv') =>
  bench.call(`/integrations/${id}/imports`, { method: 'POST', file: { type, bytes }, ...(as === undefined ? {} : { as }) });
const after = async (user: number) => (await told(bench, user)).slice(1);
const csv = (...rows: string[]) => ['date,amount,text', ...rows, ''].join('\n');

describe('R-27: POST /integrations/{id}/imports', () => {
  it('takes a bank statement in, and names the rows that it cannot use', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, bank);
    const { status, body } = await send(id, user, csv('2026-01-05,-12.50,bread', '2026-01-06,abc,x', '2999-01-01,1,later', '2026-01-06,1000,wages', '2026-01-07,5,refund'));
    expect([status, body]).toEqual([200, {
      integration_id: id, sync_job_id: expect.any(String), sync_timestamp: expect.any(String), records_processed: 5, points_taken: 3, points_known: 0, points_refused: 2, success: false,
      data_quality_score: 0.6, note: expect.stringContaining('60 %'), completed_quest_ids: [],
      bad_rows: [{ line: 3, reason: 'the amount is no amount' }, { line: 4, reason: 'transaction.amount: the time lies in the future' }],
    }]);
    expect((await after(user)).map(([name, { data_type, data_points_count, data_quality_score, records_processed, success }]) => [name, data_type ?? records_processed, data_points_count ?? success, data_quality_score])).toEqual([
      ['ExternalDataReceived', 'transaction', 3, 0.6], ['DataSyncCompleted', 5, false, undefined],
    ]);
    const { rows } = await bench.database.query('SELECT credentials, next_sync_at FROM integrations WHERE integration_id = $1', [id]);
    expect(rows).toEqual([{ credentials: null, next_sync_at: null }]);
  });

  it('I-6: takes each row once, also out of the next statement', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, bank);
    const rows = ['2026-01-05,-3,coffee', '2026-01-05,-3,coffee', '2026-01-05,-4,tea'];
    expect((await send(id, user, csv(...rows))).body).toMatchObject({ points_taken: 3 });
    expect((await send(id, user, csv('2026-01-06,-1,new', ...rows))).body).toMatchObject({ points_taken: 1, points_known: 3 });
  });

  it('takes an export of Apple Health in', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, apple);
    const text = `<HealthData>\n<Workout duration="30" durationUnit="min" startDate="2026-01-05 10:00:00 +0100"/>\n<Workout duration="2000" startDate="2026-01-06 10:00:00 +0100"/>\n
      <Record type="HKCategoryTypeIdentifierSleepAnalysis" value="HKCategoryValueSleepAnalysisAsleepCore" startDate="2026-01-05 23:00:00 +0100" endDate="2026-01-06 06:00:00 +0100"/></HealthData>`;
    expect(await send(id, user, text, 'application/xml')).toMatchObject({ status: 200, body: { records_processed: 3, points_taken: 2, bad_rows: [{ line: 3 }] } });
    expect((await after(user)).map(([name, { data_type, data_quality_score }]) => [name, data_type, data_quality_score])).toEqual([
      ['ExternalDataReceived', 'workout', 0.5], ['ExternalDataReceived', 'sleep', 1], ['DataSyncCompleted', undefined, undefined],
    ]);
  });

  it('takes more than one transaction holds, as a stream', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, bank);
    const rows = 21_500;
    let row = -1;
    const lines = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (row >= rows) return controller.close();
        const until = Math.min(rows, row + 2_000);
        let text = row < 0 ? 'date,amount\n' : '';
        for (row = Math.max(row, 0); row < until; row += 1) text += `${new Date(Date.UTC(2025, 0, 1) + row * 60_000).toISOString()},${row}.25\n`;
        controller.enqueue(Buffer.from(text));
      },
    });
    expect(await send(id, user, lines, 'application/octet-stream')).toMatchObject({ status: 200, body: { records_processed: rows, points_taken: rows, success: true } });
    const events = await after(user);
    expect(events.slice(0, -1).map(([, { data_points_count }]) => data_points_count)).toEqual([...Array<number>(21).fill(1000), 500]);
    expect(events.at(-1)).toMatchObject(['DataSyncCompleted', { records_processed: rows, success: true }]);
  }, 120_000);

  it.each([
    ['no header', bank, 'a,b\n1,2\n', 1], ['nothing at all', bank, '', 1], ['only bad rows', bank, csv('x,y,z', 'x,y,z'), 2],
    ['broken at its end', apple, '<HealthData>\n<Workout duration="30" startDate="2026-01-05 10:00:00 +0100"/>\n<Workout', 3], ['not XML', apple, 'PK', 1],
  ])('refuses a file as a whole, and takes nothing of it: %s', async (_what, kind, text, line) => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, kind);
    const { status, body } = await send(id, user, text);
    expect([status, body['details']]).toEqual([400, { sync_job_id: expect.any(String), bad_rows: [{ line, reason: expect.any(String) }] }]);
    expect((await after(user)).map(([name, { error_code }]) => [name, error_code])).toEqual([['DataSyncFailed', 'VALIDATION_ERROR']]);
    expect((await bench.database.query('SELECT FROM points WHERE integration_id = $1', [id])).rowCount).toBe(0);
    expect((await bench.call(`/integrations/${user}`, { as: user })).body).toMatchObject({ integrations: [{ circuit: 'closed', next_sync_at: null }] });
  });

  it('gives up an upload that ends early, and takes nothing of it', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, bank);
    let pulls = 0;
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls += 1;
        if (pulls < 4) controller.enqueue(Buffer.from(pulls === 1 ? csv() : '2026-01-05,1,x\n'));
        else controller.error(new Error('the line is cut'));
      },
    });
    await expect(send(id, user, broken)).rejects.toThrow();
    const again = async (): Promise<number> => {
      const { status } = await send(id, user, csv('2026-01-05,1,x'));
      return status === 409 ? again() : status;
    };
    expect(await again()).toBe(200);
    expect((await after(user)).map(([name]) => name)).toEqual(['ExternalDataReceived', 'DataSyncCompleted']);
  }, 120_000);

  it('is for the person alone, with consent, for a source of files, as a file', async () => {
    const [user, other] = [await newPerson(bench), await newPerson(bench)];
    const [id, asked] = [await connect(bench, user, bank), await connect(bench, user)];
    const file = csv('2026-01-05,1,x');
    expect(await send(id, other, file)).toMatchObject({ status: 403 });
    expect(await send(id, undefined, file)).toMatchObject({ status: 401 });
    expect(await send(asked, user, file)).toMatchObject({ status: 409, body: { error: 'no_files' } });
    expect(await send(999_999, user, file)).toMatchObject({ status: 404 });
    expect(await send(id, user, '{}', 'application/json')).toMatchObject({ status: 415 });
    expect(await send(id, user, 'x', 'image/png')).toMatchObject({ status: 415 });
    expect(await bench.call('/integrations', { method: 'POST', as: user, file: { type: 'text/csv', bytes: file } })).toMatchObject({ status: 415 });
    expect(await bench.call(`/integrations/${id}/sync`, { method: 'PUT', as: user })).toMatchObject({ status: 409, body: { error: 'imports_only' } });
    await grantConsents(bench.database, user, []);
    expect(await send(id, user, file)).toMatchObject({ status: 403, body: { error: 'consent_missing' } });
  });
});
