import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { areaOf, labelOf, listed } from './naming.js';
import { dailySeries, type Sample, signedConfidence } from './series.js';

const sample = (series: string, at: string, value: number): Sample => ({ series, at: new Date(at), value });
const plain = (samples: readonly Sample[], zone: string) =>
  Object.fromEntries([...dailySeries(samples, zone)].map(([series, days]) => [series, Object.fromEntries(days)]));

describe('J-3: a day', () => {
  it('counts what was done, means moods and keeps the last state of a stat; a day without any is a gap', () => {
    const samples = [
      sample('mood', '2026-11-21T08:00:00Z', 4), sample('mood', '2026-11-21T20:00:00Z', 7), sample('mood', '2026-11-23T08:00:00Z', 1),
      sample('words', '2026-11-21T08:00:00Z', 40), sample('words', '2026-11-21T20:00:00Z', 2),
      sample('quest_completions', '2026-11-21T08:00:00Z', 1), sample('quest_completions', '2026-11-21T09:00:00Z', 1),
      sample('data.sleep', '2026-11-21T08:00:00Z', 3), sample('data.sleep', '2026-11-21T09:00:00Z', 0),
      sample('health.physical', '2026-11-21T09:00:00Z', 80), sample('health.physical', '2026-11-21T08:00:00Z', 90),
      sample('strength', '2026-11-21T09:00:00Z', 11), sample('strength', '2026-11-21T09:00:00Z', 12),
    ];
    expect(plain(samples, 'UTC')).toEqual({
      mood: { '2026-11-21': 5.5, '2026-11-23': 1 },
      words: { '2026-11-21': 42 },
      quest_completions: { '2026-11-21': 2 },
      'data.sleep': { '2026-11-21': 3 },
      'health.physical': { '2026-11-21': 80 },
      strength: { '2026-11-21': 12 },
    });
  });

  it.each([
    ['2026-11-21T22:59:59.999Z', 'Europe/Berlin', '2026-11-21'],
    ['2026-11-21T23:00:00.000Z', 'Europe/Berlin', '2026-11-22'],
    ['2026-07-21T22:00:00.000Z', 'Europe/Berlin', '2026-07-22'],
    ['2027-01-01T07:59:59.999Z', 'America/Los_Angeles', '2026-12-31'],
    ['2028-02-29T10:00:00.000Z', 'Pacific/Kiritimati', '2028-03-01'],
  ])('is that of the person: %s in %s is %s', (at, zone, day) => {
    expect(plain([sample('strength', at, 1)], zone)).toEqual({ strength: { [day]: 1 } });
  });

  it.each(['UTC', 'Pacific/Kiritimati', 'Etc/GMT+12'])('of a habit is the one that the event names, also in %s', (zone) => {
    expect(plain([sample('habit_completions', '2026-11-21', 1)], zone)).toEqual({ habit_completions: { '2026-11-21': 1 } });
  });

  it('does not hang on the order in which topics come', () => {
    const names = fc.constantFrom('mood', 'words', 'habit_completions', 'strength', 'data.task');
    const samples = fc.uniqueArray(fc.record({ series: names, at: fc.date({ min: new Date('2026-11-01'), max: new Date('2026-11-04'), noInvalidDate: true }), value: fc.integer({ min: 1, max: 10 }) }), {
      selector: ({ series, at }) => `${series} ${at.getTime()}`, maxLength: 30,
    });
    const shuffled = samples.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(shuffled, fc.constantFrom('UTC', 'Asia/Tokyo', 'America/New_York'), ([all, other], zone) => {
        expect(plain(other, zone)).toEqual(plain(all, zone));
      }),
    );
  });
});

describe('J-3: trends', () => {
  it.each([['increasing', 0.8], ['decreasing', -0.8], ['stable', 0]])('%s is %d', (trend_type, expected) => {
    expect(signedConfidence({ trend_type, confidence_score: 0.8 })).toBe(expected);
  });
});

describe('names for people', () => {
  it.each([
    ['mood', 'your mood', 'mood'],
    ['strength', 'strength', 'core stats'],
    ['wealth.finance_savings_investments', 'finance savings investments (wealth)', 'wealth'],
    ['data.sleep', 'synced sleep data', 'health'],
    ['data.new_kind', 'synced new kind data', 'synced data'],
    ['quest_completions', 'completed quests', 'quests'],
  ])('%s is %s, of %s', (series, label, area) => {
    expect([labelOf(series), areaOf(series)]).toEqual([label, area]);
  });

  it.each([[[], ''], [['a'], 'a'], [['a', 'a'], 'a'], [['a', 'b'], 'a and b'], [['a', 'b', 'c'], 'a, b and c']])('%j are listed as "%s"', (names, text) => {
    expect(listed(names)).toBe(text);
  });
});
