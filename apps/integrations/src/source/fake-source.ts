import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { RawPoint } from '../points/check-points.js';
import { failureCodes, type FetchedPage, type FetchRequest, pageSize, type Source, SourceFailure } from './source.js';

const series = z.object({ metric: z.string(), value: z.unknown().optional(), unit: z.unknown().optional() });

/** What the credentials of a fake connection may say; other entries (a token) mean nothing. */
const script = z.object({
  /** Delivered as they are, page by page, again at each sync. */
  points: z.array(z.record(z.string(), z.unknown())).max(100_000).optional(),
  /** That many readings, so many seconds apart, beside `points`. */
  many: series.extend({ count: z.int().min(1).max(100_000), from: z.iso.datetime({ offset: true }), every_seconds: z.number().positive().default(1) }).optional(),
  /** One reading a day of each, at 06:00 UTC. */
  series: z.array(series).max(20).optional(),
  fail: z.enum(failureCodes).optional(),
  /** How many tries in a row fail; left out: all. */
  fail_times: z.int().min(0).optional(),
  /** As a careless adapter: the token stands in what the failure says. */
  leak: z.boolean().default(false),
  token: z.unknown().optional(),
  /** Whether also the test of the connection fails. */
  refuse: z.boolean().default(false),
  delay_ms: z.int().min(0).max(600_000).default(0),
});
type Script = z.infer<typeof script>;

/** What each service delivers a day when its credentials say nothing of it. */
const usual: Readonly<Record<string, readonly { metric: string; value: number; unit: string }[]>> = {
  google_fit: [{ metric: 'workout.minutes', value: 30, unit: 'min' }],
  strava: [{ metric: 'workout.minutes', value: 45, unit: 'min' }],
  oura: [{ metric: 'sleep.hours', value: 7.5, unit: 'h' }],
  plaid: [{ metric: 'transaction.amount', value: 12.5, unit: 'EUR' }],
  todoist: [{ metric: 'task.completed', value: 3, unit: 'count' }],
  notion: [{ metric: 'task.completed', value: 1, unit: 'count' }],
  calendar: [{ metric: 'calendar.events', value: 2, unit: 'count' }, { metric: 'social.meetings', value: 1, unit: 'count' }],
};

const dayMs = 86_400_000;
const daysBefore = 7;
const readingAtMs = 6 * 3_600_000;

/** A made-up service for trials and tests: the same credentials, time and cursor bring the same readings. */
export class FakeSource implements Source {
  async test(request: FetchRequest): Promise<void> {
    const { refuse, ...said } = scriptOf(request);
    if (refuse) throw new SourceFailure('AUTH_ERROR', `The service does not know these credentials${leaked(said)}.`);
  }

  async fetch(request: FetchRequest): Promise<FetchedPage> {
    const { delay_ms, fail, fail_times = Number.POSITIVE_INFINITY, ...said } = scriptOf(request);
    if (delay_ms > 0) await sleep(delay_ms, undefined, { signal: request.signal });
    if (fail !== undefined && request.failures < fail_times) throw new SourceFailure(fail, `The service did not answer as it should${leaked(said)}.`);
    const scripted = scriptedPoints(said);
    return scripted ? pageOf(scripted, request.cursor) : dailyPage(said.series ?? usual[request.service] ?? [], request);
  }
}

function scriptOf({ credentials }: FetchRequest): Script {
  const { data, error } = script.safeParse(credentials);
  if (data) return data;
  throw new SourceFailure('AUTH_ERROR', `The fake source does not understand ${error.issues.map(({ path }) => path.join('.')).join(', ')}.`);
}

const leaked = ({ leak, token }: Pick<Script, 'leak' | 'token'>): string => (leak ? `: ${String(token)}` : '');

function scriptedPoints({ points, many }: Pick<Script, 'points' | 'many'>): Record<string, unknown>[] | null {
  if (!points && !many) return null;
  const { count = 0, from = '', every_seconds = 1, ...reading } = many ?? {};
  const generated = Array.from({ length: count }, (_, index) => ({ ...reading, recorded_at: new Date(Date.parse(from) + index * every_seconds * 1000) }));
  return [...(points ?? []), ...generated];
}

/** The cursor counts what was delivered in this round; a new round begins after the last page. */
function pageOf(points: readonly Record<string, unknown>[], cursor: string | null): FetchedPage {
  const from = Number(cursor ?? 0);
  const page = points.slice(from, from + pageSize).map(({ metric, value, unit, recorded_at }) => ({ metric, value, unit, recorded_at }));
  const more = from + page.length < points.length;
  return { points: page, cursor: more ? String(from + page.length) : null, more };
}

/** The cursor is the last day delivered. */
function dailyPage(wanted: readonly z.infer<typeof series>[], { cursor, connectedAt, now }: FetchRequest): FetchedPage {
  const first = cursor === null ? dayOf(connectedAt) - daysBefore : Number(cursor) + 1;
  const newest = dayOf(new Date(now.getTime() - readingAtMs));
  const last = Math.min(newest, first + Math.floor(pageSize / Math.max(1, wanted.length)) - 1);
  const points: RawPoint[] = [];
  for (let day = first; day <= last; day += 1) points.push(...wanted.map(({ metric, value, unit }) => ({ metric, value, unit, recorded_at: new Date(day * dayMs + readingAtMs) })));
  return { points, cursor: String(Math.max(last, first - 1)), more: last < newest };
}

const dayOf = (time: Date): number => Math.floor(time.getTime() / dayMs);
