import semver from 'semver';

/** Both ends are included; no `max` means every later version. */
export interface VersionBounds {
  readonly min?: string;
  readonly max?: string;
}

/** A handler names versions that mean nothing: found when the service starts. */
export class InvalidVersionRange extends Error {
  readonly code = 'INVALID_VERSION_RANGE';
  readonly retryable = false;

  constructor(readonly range: string) {
    super(`"${range}" is not a version range: write for example ^1.0.0, >=1.0.0 <3.0.0 or { min: '1.0.0', max: '2.0.0' }`);
    this.name = 'InvalidVersionRange';
  }
}

/** MAJOR.MINOR.PATCH and nothing else, as in the names of the schema files. */
export function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+$/.test(text) && semver.valid(text) !== null;
}

/**
 * The range as semver text; `{}` means from 1.0.0 on.
 * @throws InvalidVersionRange
 */
export function rangeText(range: VersionBounds | string): string {
  if (typeof range === 'string') {
    if (range.trim() === '' || semver.validRange(range) === null) throw new InvalidVersionRange(range);
    return range;
  }
  const { min = '1.0.0', max } = range;
  const text = max === undefined ? `>=${min}` : `>=${min} <=${max}`;
  const bounds = max === undefined ? [min] : [min, max];
  if (!bounds.every(isVersion)) throw new InvalidVersionRange(text);
  if (max !== undefined && semver.gt(min, max)) throw new InvalidVersionRange(text);
  return text;
}

/** Text that is not a version is in no range. */
export function rangeHolds(range: string, version: string): boolean {
  return isVersion(version) && semver.satisfies(version, range);
}

/** Below zero when `a` is older than `b`; numbers part by part, so 1.10.0 is newer than 1.9.0. */
export function compareVersions(a: string, b: string): number {
  return semver.compare(a, b);
}

export function majorOf(version: string): number {
  return semver.major(version);
}
