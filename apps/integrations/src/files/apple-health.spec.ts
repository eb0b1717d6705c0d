import { describe, expect, it } from '@jest/globals';
import { appleHealth } from './apple-health.js';
import { isoOf } from './apple-time.js';
import { allOf, heapGrowthOf, pieces } from './testing/reading.js';

const head = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST Workout duration CDATA #IMPLIED>
]>
<HealthData locale="de_DE">
`;
const workout = (start: string, duration = '30.5', unit = 'min') =>
  `<Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="${duration}" durationUnit="${unit}" sourceName="Jörg’s &quot;Watch&quot;" startDate="${start}" endDate="${start}">\n<MetadataEntry key="x" value="y"/>\n</Workout>\n`;
const sleep = (start: string, end: string, { value = 'AsleepCore', source = 'Watch' } = {}) =>
  `<Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="${source}" startDate="${start}" endDate="${end}" value="HKCategoryValueSleepAnalysis${value}"/>\n`;
const file = (...parts: string[]) => `${head}${parts.join('')}</HealthData>\n`;
const read = (text: string, size?: number) => allOf(appleHealth, pieces(text, size));

describe('R-27: an export of Apple Health', () => {
  it.each([1, 7, 100_000])('is read in pieces of %d bytes', async (size) => {
    const text = file('<Record type="HKQuantityTypeIdentifierStepCount" value="12"/>\n', workout('2026-11-20 10:00:00 +0100'), workout('2026-11-21 10:00:00 +0100', '1', 'hr'));
    expect(await read(text, size)).toEqual([
      { line: 8, point: { metric: 'workout.minutes', value: 30.5, unit: 'min', recorded_at: '2026-11-20T10:00:00+01:00' } },
      { line: 11, point: { metric: 'workout.minutes', value: 1, unit: 'hr', recorded_at: '2026-11-21T10:00:00+01:00' } },
    ]);
  });

  it('adds the sleep of a night up, by the source that saw most of it, and passes over lying awake', async () => {
    const text = file(
      sleep('2026-11-20 23:00:00 +0100', '2026-11-21 02:00:00 +0100'),
      sleep('2026-11-21 02:00:00 +0100', '2026-11-21 02:30:00 +0100', { value: 'Awake' }),
      sleep('2026-11-21 02:30:00 +0100', '2026-11-21 06:30:00 +0100', { value: 'AsleepREM' }),
      sleep('2026-11-20 22:30:00 +0100', '2026-11-21 06:00:00 +0100', { value: 'InBed', source: 'Phone' }),
      sleep('2026-11-21 00:00:00 +0100', '2026-11-21 05:00:00 +0100', { value: 'Asleep', source: 'Phone' }),
      sleep('2026-11-21 23:00:00 +0100', '2026-11-22 05:00:00 +0100'),
    );
    expect(await read(text)).toEqual([
      { line: 7, point: { metric: 'sleep.hours', value: 7, unit: 'h', recorded_at: new Date('2026-11-21T05:30:00Z') } },
      { line: 12, point: { metric: 'sleep.hours', value: 6, unit: 'h', recorded_at: new Date('2026-11-22T04:00:00Z') } },
    ]);
  });

  it('names bad elements by their lines and goes on', async () => {
    const text = file(
      '<Workout duration="1"/>\n', '<Workout startDate="2026-11-20 10:00:00 +0100"/>\n',
      sleep('', '2026-11-21 02:00:00 +0100'), sleep('2026-11-21 02:00:00 +0100', '2026-11-21 01:59:59 +0100'), sleep('2026-11-20 00:00:00 +0000', '2026-11-21 00:00:01 +0000'),
      sleep('2026-11-20 00:00:00 +0000', '2026-11-20 01:00:00 +0000', { value: 'Dreaming' }), workout('2026-11-20 10:00:00 +0100'),
    );
    expect((await read(text)).map((row) => [row.line, 'reason' in row ? row.reason : 'good'])).toEqual([
      [7, 'the workout has no startDate'],
      [8, 'the workout has no duration'],
      [9, 'the sleep record has no startDate or no endDate'],
      [10, 'the sleep record ends before it begins, or lasts longer than a day'],
      [11, 'the sleep record ends before it begins, or lasts longer than a day'],
      [12, 'the sleep record has no known value'],
      [13, 'good'],
    ]);
  });

  it.each([
    ['nothing', '', 'not well-formed'],
    ['no XML', 'PK\u0003\u0004', 'not well-formed'],
    ['another root', '<gpx></gpx>', 'begins with gpx, not with HealthData'],
    ['cut off', `${head}${workout('2026-11-20 10:00:00 +0100')}`, 'not well-formed'],
    ['ill-nested', `${head}<Record></Workout>`, 'Line 7: the XML is not well-formed'],
    ['an entity of its own', `<!DOCTYPE HealthData [<!ENTITY a "aaaa">]><HealthData locale="&a;"></HealthData>`, 'not well-formed'],
    ['too deep', `${head}${'<a>'.repeat(60)}`, 'nested deeper than 50'],
    ['an endless attribute', `${head}<Record value="${'x'.repeat(1_500_000)}`, 'longer than any element'],
    ['an endless comment', `${head}<!--${'x'.repeat(1_500_000)}`, 'longer than any element'],
  ])('is refused as a whole: %s', async (_what, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it.each([['2026-11-20 23:10:00 +0100', '2026-11-20T23:10:00+01:00'], ['2026-11-20 23:10:00', null], ['2026-13-20 23:10:00 +0100', null], [undefined, null]])('%j is %j', (text, iso) => {
    expect(isoOf(text)).toBe(iso);
  });

  it('of 20 MB is read in memory that does not grow', async () => {
    function* parts() {
      yield head;
      for (let index = 0; index < 100_000; index += 1) {
        const day = new Date(Date.UTC(2000, 0, 1) + Math.floor(index / 20) * 86_400_000).toISOString().slice(0, 10);
        const at = `${day} 0${index % 10}:${String(index % 60).padStart(2, '0')}:00 +0000`;
        yield index % 2 ? workout(at) : sleep(at, at);
      }
      yield '</HealthData>';
    }
    const { rows, bytes, growth } = await heapGrowthOf(appleHealth, parts());
    expect(rows).toBe(50_000 + 5_000);
    expect(bytes).toBeGreaterThan(19_000_000);
    expect(growth).toBeLessThan(32_000_000);
  }, 120_000);
});
