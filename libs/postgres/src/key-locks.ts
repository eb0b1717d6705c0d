import { hash } from 'node:crypto';

/**
 * The number of an advisory lock, a signed 64-bit integer. Two keys may share one; their writers then
 * wait for each other, which costs time and nothing else.
 */
export function lockNumber(name: string): bigint {
  return hash('sha1', name, 'buffer').readBigInt64BE(0);
}

/** The lock that serialises the writers of a key. */
export function keyLockNumber(key: string): bigint {
  // The prefix keeps a user's key apart from the locks that libraries take under names of their own.
  return lockNumber(`key:${key}`);
}

/**
 * Takes all locks in one fixed order, else two batches with the same keys would deadlock. The numbers
 * stand in the text because they are integers of our own making and this saves a round trip.
 */
export function lockStatement(keys: Iterable<string>): string | null {
  const numbers = Array.from(keys, keyLockNumber);
  if (numbers.length === 0) return null;
  return `SELECT pg_advisory_xact_lock(k) FROM (SELECT DISTINCT k FROM unnest('{${numbers.join(',')}}'::bigint[]) k ORDER BY k) s`;
}
