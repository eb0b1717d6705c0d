import { allRecordTypes } from '@lifeos/contracts';
import type { Database } from '@lifeos/postgres';

/** What cannot be equal, each with its reason. */
export interface Exceptions {
  /** Rows left out: table → the SQL condition of those that are compared, and the reason. */
  readonly rows?: Readonly<Record<string, readonly [compared: string, reason: string]>>;
  /** Columns left out: `table.column` → reason. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Fields of raised events left out: `EventName.field` → reason; `time` is the event's own. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Raised events left out: name → reason. */
  readonly events?: Readonly<Record<string, string>>;
  /** What is compared in the place of what was left out: lines by a name. */
  readonly promises?: (database: Database) => Promise<Readonly<Record<string, readonly string[]>>>;
}

/** Tables that say how the service read and published, and none that say what it knows. */
export const plumbing: Readonly<Record<string, string>> = {
  consumer_positions: 'offsets: repeated records move them on',
  inbox: 'the time at which an event was handled',
  event_log: 'compared as raised events, without its order and times of writing',
  event_log_epoch: 'of the database server',
  relay_checkpoint: 'how far the relay is',
};

/** Where no consent is told of: what people allow stands in the table before the run. */
const notCompared: Readonly<Record<string, string>> = { ...plumbing, consents: 'given before the run' };

export const auditColumns: Readonly<Record<string, string>> = { 'consent_audit.id': 'order of writing', 'consent_audit.at': 'time of writing' };

export type Outcome = ReadonlyMap<string, readonly string[]>;

/** Every row of every table, and every event in the log, as sorted text. */
export async function outcomeOf(database: Database, { rows: conditions = {}, columns = {}, fields = {}, events = {}, promises }: Exceptions = {}): Promise<Outcome> {
  const outcome = new Map<string, readonly string[]>();
  const { rows } = await database.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%migrations' ORDER BY 1");
  const without = Object.keys({ ...columns, ...auditColumns });
  for (const { name } of rows) {
    if (name in notCompared) continue;
    const unlike = without.filter((column) => column.startsWith(`${name}.`)).map((column) => column.slice(name.length + 1));
    const [compared] = conditions[name] ?? ['true'];
    const read = await database.query<{ row: string }>(`SELECT (to_jsonb(t) - $1::text[])::text AS row FROM "${name}" AS t WHERE ${compared}`, [unlike]);
    outcome.set(name, read.rows.map(({ row }) => row).sort());
  }
  const raised = (await raisedIn(database)).filter(({ name }) => !(name in events));
  outcome.set('raised events', raised.map(({ name, shown }) => `${name} ${JSON.stringify(shown, (key, value: unknown) => (`${name}.${key}` in fields ? undefined : value))}`).sort());
  for (const [name, lines] of Object.entries((await promises?.(database)) ?? {})) outcome.set(name, [...lines].sort());
  return outcome;
}

export interface Raised {
  readonly name: string;
  readonly user: string;
  readonly shown: Readonly<Record<string, unknown>>;
}

/** What the service has published, in the order of its log. */
export async function raisedIn(database: Database): Promise<Raised[]> {
  const types = new Map(allRecordTypes.map((type) => [type.recordName, type]));
  const { rows } = await database.query<{ event_id: string; type: string; version: string; key: string; occurred_at: Date; payload: Buffer }>(
    'SELECT event_id, type, version, key, occurred_at, payload FROM event_log WHERE topic IS NOT NULL ORDER BY epoch, event_log.xid, seq',
  );
  return rows.map(({ event_id: id, type: recordName, version, key: user, occurred_at: time, payload }) => {
    const type = types.get(recordName);
    if (!type) throw new Error(`${recordName} is not in the catalog.`);
    return { name: type.name, user, shown: { id, time, ...type.toJson(type.decode(payload, version)) } };
  });
}

/** Changes of something from one number to another as one line each: from where to where, and each place where one does not begin where the one before ended. */
export function chains(changes: readonly { readonly of: string; readonly from: unknown; readonly to: unknown }[]): string[] {
  const lines = new Map<string, unknown[]>();
  for (const { of, from, to } of changes) {
    const steps = lines.get(of) ?? [from];
    lines.set(of, steps.at(-1) === from ? [...steps.slice(0, -1), ...(steps.length === 1 ? [from] : []), to] : [...steps, 'gap', from, to]);
  }
  return [...lines].map(([of, steps]) => `${of}: ${steps.join(' ')}`);
}

/** Lines that are in one and not in the other, each named by its table; empty when they are equal. */
export function differences(expected: Outcome, actual: Outcome, most = 20): string[] {
  const found: string[] = [];
  for (const [name, rows] of expected) {
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
    for (const row of actual.get(name) ?? []) counts.set(row, (counts.get(row) ?? 0) - 1);
    const unlike = [...counts].filter(([, count]) => count !== 0).sort().map(([row, count]) => `${name}: ${count > 0 ? 'only in order' : 'only shuffled'}: ${row}`);
    found.push(...unlike.slice(0, most), ...(unlike.length > most ? [`${name}: … ${unlike.length} in all, of ${rows.length} rows`] : []));
  }
  return found;
}
