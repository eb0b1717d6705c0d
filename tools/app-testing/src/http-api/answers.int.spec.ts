import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QuestCompleted } from '@lifeos/contracts';
import { headersOf, newEventId } from '@lifeos/events';
import { MovableClock } from '@lifeos/service';
import { grantConsents } from '../grant-consents.js';
import type { ServiceBench } from '../service-bench.js';
import { AnswerCheck } from './answer-check.js';
import { bodySchemaOf, type Described, operationsOf } from './bad-requests.js';
import { documentOf, openAnyService } from './open-any-service.js';
import { sampleObject } from './schema.js';
import { send } from './send.js';
import { serviceNames } from './services.js';

/** Where a sample by the schema alone is refused. */
const bodies: Readonly<Record<string, object>> = {
  Users_register: { username: 'somebody', password: 'a long password' },
  Login_login: { username: 'somebody', password: 'a long password' },
  Password_change: { current_password: 'a long password', new_password: 'another password' },
  LifeStats_set: { category: 'health', subcategory: 'physical', value: 20, target: 100 },
  Integration_connect: { service_name: 'strava', integration_type: 'health', credentials: { token: 't' } },
  DeadLetters_retry: { all: true, filter: {} },
  DeadLetters_edit: { payload: { user_id: 7, quest_id: 9, quest_type: 'daily', experience_reward: 25, completion_timestamp: '2026-11-21T12:00:00.000Z', auto_completed: false } },
};

/** The operation that makes what a parameter names. */
const makers: Readonly<Record<string, string>> = { quest_id: 'Quest_create', habit_id: 'Habit_create', skill_id: 'Skill_create', entry_id: 'Entry_create', integration_id: 'Integration_connect' };

describe.each(serviceNames)('answers of %s', (name) => {
  let bench: ServiceBench;
  let operations: Described[];
  let check: AnswerCheck;
  let person = 7;
  const faults: unknown[] = [];

  beforeAll(async () => {
    bench = await openAnyService(name, { clock: new MovableClock() });
    const document = await documentOf(bench.url);
    operations = operationsOf(document);
    check = new AnswerCheck(document);
  });
  afterAll(() => bench?.close());

  it('are documented, all fields of them, for every route', async () => {
    const first = await visit('Users_register');
    person = Number(first?.['user_id'] ?? person);
    await grantConsents(bench.database, person, ['analytics', 'ai_insights', 'external_integrations']);
    // What is deleted comes last but what operators do, who also move the clock.
    const order = ({ method, operation }: Described) => Number(operation['x-access'] === 'operator') * 2 + Number(method === 'DELETE');
    for (const { operation } of [...operations].sort((a, b) => order(a) - order(b))) await visit(operation.operationId);
    expect(faults).toEqual([]);
    expect(operations.map(({ operation }) => operation.operationId).filter((id) => !check.seen.has(id))).toEqual([]);
  });

  /** Asks as who may, for what was made just before. */
  async function visit(id: string): Promise<Record<string, unknown> | null> {
    const one = operations.find(({ operation }) => operation.operationId === id);
    if (!one || (id === 'Users_register' && check.seen.has(id))) return null;
    const path = await pathOf(one);
    if (path === null) check.seen.add(id);
    if (path === null) return null;
    const as = { userId: person, role: one.operation['x-access'] === 'operator' ? ('operator' as const) : ('user' as const) };
    const sent = bodyFor(one);
    const answer = await send(bench, { method: one.method, path, as, ...sent });
    if (answer.status >= 300) faults.push({ id, path, sent, answer });
    faults.push(...check.faultsIn({ method: one.method, path, ...answer }));
    return typeof answer.body === 'object' ? { ...answer.body } : null;
  }

  function bodyFor({ operation }: Described): { body?: string; contentType?: string } {
    if (operation.requestBody === undefined) return {};
    const schema = bodySchemaOf(operation);
    if (!schema) return { body: 'date,amount\n2026-01-05,-3\n', contentType: 'text/csv' };
    const ofPerson = schema.properties?.['user_id'] ? { user_id: person } : {};
    return { body: JSON.stringify({ ...sampleObject(schema, 'Sample'), ...ofPerson, ...bodies[operation.operationId] }), contentType: 'application/json' };
  }

  /** Null when there is nothing of the kind in this service. */
  async function pathOf({ path, operation }: Described): Promise<string | null> {
    const ids: Record<string, string | null> = { user_id: String(person), area: 'health' };
    for (const [, parameter = ''] of path.matchAll(/\{(\w+)\}/g)) ids[parameter] ??= await made(parameter, operation.operationId);
    return Object.values(ids).includes(null) ? null : path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => ids[parameter] ?? '');
  }

  async function made(parameter: string, forWhat: string): Promise<string | null> {
    if (parameter === 'id') return insert(parkedLetter, [++letters, headers]);
    if (parameter === 'name') return (((await visit('Jobs_list'))?.['jobs'] as { name: string }[])[0]?.name ?? null);
    if (parameter === 'notification_id') return insert(notice, [person]);
    const id = String((await visit(makers[parameter] ?? ''))?.[parameter]);
    if (forWhat === 'Import_import') await bench.database.query(`UPDATE integrations SET service_name = 'bank_csv', integration_type = 'wealth' WHERE integration_id = $1`, [id]);
    if (forWhat === 'Quest_activate') await send(bench, { method: 'PUT', path: `/api/v1/quests/${id}/pause`, as: { userId: person, role: 'user' } });
    return id;
  }

  const insert = async (sql: string, values: readonly unknown[]): Promise<string> => String((await bench.database.query<{ id: string }>(sql, [...values])).rows[0]?.id);
});

let letters = 0;

const headers = JSON.stringify(headersOf({ eventId: newEventId(), recordName: QuestCompleted.recordName, context: 'quests', version: QuestCompleted.version, timestamp: new Date(0), key: '7', correlationId: null, causationId: null, traceparent: null }));

const notice = `INSERT INTO notices (event_id, user_id, kind, title, details, created_at) VALUES (gen_random_uuid(), $1, 'title', 'New title', '{}', now()) RETURNING notice_id AS id`;
const parkedLetter = `INSERT INTO dead_letters (handler, topic, key, partition, record_offset, event_id, event_type, event_version, status, reason, attempts, first_failed_at, last_failed_at, record_key, record_value, record_headers, record_timestamp)
  VALUES ('mend-' || $1::int, 'lifeos.quests.events', '7', 0, $1::int, gen_random_uuid(), '${QuestCompleted.recordName}', '${QuestCompleted.version}', 'exhausted', 'handler_error', 1, now(), now(), '7', '', $2::jsonb, now()) RETURNING id`;
