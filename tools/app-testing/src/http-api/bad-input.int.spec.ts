import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceBench } from '../service-bench.js';
import { badRequestsOf, bodySchemaOf, type Described, fillPath, operationsOf, owner, type BadRequest } from './bad-requests.js';
import { documentOf, openAnyService } from './open-any-service.js';
import { isFreeText, sampleObject, sampleOf, type Schema } from './schema.js';
import { announce, send } from './send.js';
import { serviceNames } from './services.js';

const sql = `Robert'); DROP TABLE users; --`;
const emoji = '🎉';
const mostBytes = 1_048_576;

describe.each(serviceNames)('bad input to %s', (name) => {
  let bench: ServiceBench;
  let operations: Described[];
  /** Ids of what was made for the owner, by the name of their parameter. */
  const known: Record<string, string> = {};
  beforeAll(async () => {
    bench = await openAnyService(name);
    operations = operationsOf(await documentOf(bench.url));
  });
  afterAll(() => bench?.close());

  it('has a page that tells what it can do', async () => {
    const page = await fetch(`${bench.url}/api/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(operations.length).toBeGreaterThan(0);
  });

  it('stores SQL and emoji as the texts that they are, and counts an emoji as one character', async () => {
    const wrong: unknown[] = [];
    for (const one of operations.filter(creates)) {
      for (const text of [sql, emoji]) {
        const schema = bodySchemaOf(one.operation) ?? {};
        const body = filledWith(schema, text);
        const answer = await send(bench, { method: 'POST', path: fillPath(one), as: { userId: owner, role: 'user' }, body: JSON.stringify(body), contentType: 'application/json' });
        const shown = typeof answer.body === 'object' ? { ...answer.body } : {};
        noteIds(known, shown);
        // Some things cannot be made here (a consent, a connection); nothing may break or be refused for its text.
        if (![200, 201, 401, 403, 404, 409, 503].includes(answer.status)) wrong.push({ path: one.path, body, answer });
        if (answer.status > 201) continue;
        for (const [field, value] of Object.entries(body)) if (field in shown && typeof value === 'string') wrong.push(...differing(one.path, [value, Reflect.get(shown, field)]));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is refused with all its faults, and changes nothing', async () => {
    const before = await rowCounts(bench);
    const requests = operations.flatMap((one) => badRequestsOf(one, known));
    const wrong: unknown[] = [];
    const waiting = [...requests];
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) wrong.push(...(await faultIn(bench, next)));
    }));
    for (const one of operations.filter(({ operation }) => bodySchemaOf(operation) !== null)) {
      const as = { userId: owner, role: one.operation['x-access'] === 'operator' ? ('operator' as const) : ('user' as const) };
      const status = await announce(bench, { method: one.method, path: fillPath(one), as }, mostBytes + 1);
      if (status !== 413) wrong.push({ path: one.path, what: 'a body over 1 MB', status });
    }
    expect(wrong).toEqual([]);
    expect(requests.length).toBeGreaterThan(50);
    expect(await rowCounts(bench)).toEqual(before);
  });
});

function creates({ method, path, operation }: Described): boolean {
  return method === 'POST' && operation['x-access'] !== 'operator' && !path.includes('{') && bodySchemaOf(operation) !== null;
}

/** The sample, with every free text made of `text` up to its limit. */
function filledWith(schema: Schema, text: string): Record<string, unknown> {
  const { properties = {} } = schema;
  const free = Object.entries(properties).filter(([, of]) => isFreeText(of) && of.maxLength !== undefined);
  const texts = free.map(([field, of]) => [field, text === emoji ? emoji.repeat(of.maxLength ?? 1) : sampleOf(of, text)]);
  return { ...sampleObject(schema, 'Sample'), ...('user_id' in properties ? { user_id: owner } : {}), ...(Object.fromEntries(texts) as Record<string, unknown>) };
}

const differing = (path: string, [sent, shown]: [unknown, unknown]) => (sent === shown ? [] : [{ path, sent, shown }]);

function noteIds(known: Record<string, string>, body: object): void {
  for (const [field, value] of Object.entries(body)) if (field.endsWith('_id') && field !== 'user_id' && typeof value === 'number') known[field] ??= String(value);
}

async function faultIn(bench: ServiceBench, request: BadRequest): Promise<unknown[]> {
  const { status, body } = await send(bench, request);
  const { method, path, what, expected, faults = [] } = request;
  const answer = body as { error?: unknown; message?: unknown; details?: unknown } | null;
  const isTold = typeof answer?.error === 'string' && typeof answer.message === 'string';
  const named = Array.isArray(answer?.details) ? answer.details.map(({ field }: { field: string }) => field.split('.')[0]) : [];
  const untold = faults.filter((fault) => !named.includes(fault));
  return expected.includes(status) && isTold && untold.length === 0 ? [] : [{ method, path, what, expected, status, untold, body }];
}

/** Of every table but those that the service writes by itself while it runs. */
async function rowCounts({ database }: ServiceBench): Promise<Record<string, number>> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'job_runs' ORDER BY 1`,
  );
  const counts = rows.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS count FROM ${name}`).join(' UNION ALL ');
  const { rows: found } = await database.query<{ name: string; count: number }>(counts);
  return Object.fromEntries(found.map(({ name, count }) => [name, count]));
}
