import { describe, expect, it } from '@jest/globals';
import { keyLockNumber, lockNumber, lockStatement } from './key-locks.js';

describe('key locks', () => {
  it('keep their numbers for ever, since processes of two versions run side by side', () => {
    expect(keyLockNumber('42')).toBe(-8057053227649435473n);
  });

  it('are apart from the locks that libraries take by name', () => {
    expect(keyLockNumber('relay')).not.toBe(lockNumber('relay'));
  });

  it('are taken in one order and from integers alone, whatever the keys hold', () => {
    const statement = lockStatement(["'); DROP TABLE event_log; --", '42']);
    expect(statement).toMatch(/^SELECT pg_advisory_xact_lock\(k\) FROM \(SELECT DISTINCT k FROM unnest\('\{-?\d+,-?\d+\}'::bigint\[\]\) k ORDER BY k\) s$/);
  });

  it('need no statement without keys', () => {
    expect(lockStatement([])).toBeNull();
  });
});
