import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareVersions, InvalidVersionRange, isVersion, majorOf, rangeHolds, rangeText } from './version-range.js';

describe('version ranges', () => {
  it('VR-6: both ends of {min, max} are included', () => {
    const range = rangeText({ min: '1.1.0', max: '2.0.0' });
    expect(['1.0.9', '1.1.0', '1.9.9', '2.0.0', '2.0.1'].filter((v) => rangeHolds(range, v))).toEqual(['1.1.0', '1.9.9', '2.0.0']);
  });

  it('VR-6: without a highest version every later one is taken, later majors too', () => {
    expect(rangeHolds(rangeText({ min: '1.2.0' }), '7.0.0')).toBe(true);
    expect(rangeHolds(rangeText({ min: '1.2.0' }), '1.1.9')).toBe(false);
  });

  it('P-1: left out, the lowest version is 1.0.0', () => {
    expect(rangeHolds(rangeText({}), '1.0.0')).toBe(true);
    expect(rangeHolds(rangeText({}), '0.9.0')).toBe(false);
  });

  it('VR-6: text means what semver says', () => {
    expect(rangeHolds('^1.0.0', '1.42.0')).toBe(true);
    expect(rangeHolds('^1.0.0', '2.0.0')).toBe(false);
    expect(rangeHolds('<3.0.0', '2.9.9')).toBe(true);
  });

  it('VR-7: parts compare as numbers', () => {
    expect(compareVersions('1.10.0', '1.9.0')).toBeGreaterThan(0);
    expect(rangeHolds(rangeText({ min: '1.9.0' }), '1.10.0')).toBe(true);
    expect(majorOf('12.3.4')).toBe(12);
  });

  it('VR-7: text that is not a version fits no handler', () => {
    for (const text of ['', 'one', '1', '1.0', 'v1.0.0', '1.0.0-rc.1', '1.0.0.0', ' 1.0.0']) {
      expect(isVersion(text)).toBe(false);
      expect(rangeHolds('*', text)).toBe(false);
    }
  });

  it('refuses a range that means nothing, naming it', () => {
    for (const range of ['', 'newest', '1.x.y.z', { min: '1' }, { min: '2.0.0', max: '1.0.0' }, { max: 'x' }]) {
      expect(() => rangeText(range)).toThrow(InvalidVersionRange);
    }
    expect(() => rangeText('newest')).toThrow(/"newest" is not a version range/);
  });

  it('holds exactly the versions between its ends', () => {
    const version = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(version, version, version, (a, b, v) => {
        const [min, max] = [a, b].sort(compareVersions) as [string, string];
        const between = compareVersions(min, v) <= 0 && compareVersions(v, max) <= 0;
        return rangeHolds(rangeText({ min, max }), v) === between;
      }),
    );
  });
});
