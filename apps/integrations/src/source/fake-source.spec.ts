import { describe, expect, it } from '@jest/globals';
import { FakeSource } from './fake-source.js';
import { failureOf, type FetchRequest, SourceFailure, withoutSecrets } from './source.js';

const source = new FakeSource();
const request = (over: Partial<FetchRequest> = {}): FetchRequest => ({
  service: 'strava', credentials: {}, cursor: null, connectedAt: new Date('2026-11-20T12:00:00Z'), now: new Date('2026-11-21T12:00:00Z'), failures: 0, signal: new AbortController().signal, ...over,
});
const daysOf = async (over: Partial<FetchRequest> = {}) => (await source.fetch(request(over))).points.map(({ recorded_at }) => (recorded_at as Date).toISOString().slice(0, 10));

describe('the fake source', () => {
  it('delivers a reading a day, from a week before the connection on, each once', async () => {
    const first = await source.fetch(request());
    expect(first.points[0]).toEqual({ metric: 'workout.minutes', value: 45, unit: 'min', recorded_at: new Date('2026-11-13T06:00:00Z') });
    expect([first.points.length, first.more]).toEqual([9, false]);
    expect(await daysOf({ cursor: first.cursor })).toEqual([]);
    expect(await daysOf({ cursor: first.cursor, now: new Date('2026-11-23T05:59:59Z') })).toEqual(['2026-11-22']);
    expect(await daysOf({ cursor: first.cursor, now: new Date('2026-11-23T06:00:00Z') })).toEqual(['2026-11-22', '2026-11-23']);
  });

  it('brings the same for the same request', async () => {
    expect(await source.fetch(request({ service: 'calendar' }))).toEqual(await source.fetch(request({ service: 'calendar' })));
  });

  it('delivers what its credentials say, page by page', async () => {
    const credentials = { many: { metric: 'task.completed', value: 1, unit: 'count', count: 2_500, from: '2026-01-01T00:00:00Z' } };
    const sizes: number[] = [];
    let cursor: string | null = null;
    for (let more = true; more; ) {
      const page = await source.fetch(request({ credentials, cursor }));
      sizes.push(page.points.length);
      ({ cursor, more } = page);
    }
    expect(sizes).toEqual([1000, 1000, 500]);
  });

  it('fails as its credentials say, that many times in a row', async () => {
    const credentials = { fail: 'TIMEOUT', fail_times: 2, points: [] };
    const outcome = (failures: number) => source.fetch(request({ credentials, failures })).then(() => 'fetched', ({ code }: SourceFailure) => code);
    expect([await outcome(0), await outcome(1), await outcome(2)]).toEqual(['TIMEOUT', 'TIMEOUT', 'fetched']);
  });
});

describe('what a failure says', () => {
  it.each([
    ['a token', { token: 'abcd1234' }, 'GET /?t=abcd1234 failed', 'GET /?t=*** failed'],
    ['one within another', { a: 'abcd', b: 'abcd1234' }, 'abcd1234 and abcd', '*** and ***'],
    ['nested ones and numbers', { oauth: [{ pin: 98_765 }] }, 'pin 98765', 'pin ***'],
    ['short words, which are none', { kind: 'a' }, 'a bad day', 'a bad day'],
  ])('holds no credentials: %s', (_what, credentials, message, safe) => {
    expect(withoutSecrets(message, credentials)).toBe(safe);
    expect(failureOf(new SourceFailure('AUTH_ERROR', message), credentials)).toMatchObject({ code: 'AUTH_ERROR', message: safe });
  });

  it('is nothing of a foreign error', () => {
    expect(failureOf(new Error('connect https://user:pw@host'), {})).toMatchObject({ code: 'API_ERROR', message: 'The service could not be read.' });
  });
});
