import { describe, expect, it } from '@jest/globals';
import { isConnectionError, isRetryable, sqlState, TransactionAborted } from './errors.js';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('database errors', () => {
  it.each(['40P01', '40001', '55P03'])('%s may succeed when it runs again', (code) => {
    expect(isRetryable(withCode(code))).toBe(true);
    expect(isRetryable(new Error('wrapped', { cause: withCode(code) }))).toBe(true);
    expect(new TransactionAborted(withCode(code) as Error).retryable).toBe(true);
    expect(isConnectionError(withCode(code))).toBe(false);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '08006', '53300'])('%s is a lost or missing connection', (code) => {
    expect(isConnectionError(withCode(code))).toBe(true);
    expect(isConnectionError(new AggregateError([withCode(code)]))).toBe(true);
    expect(isRetryable(withCode(code))).toBe(false);
  });

  it.each(['23505', '42601', '25P04', '22P02'])('%s is the statement\'s own fault', (code) => {
    expect(isConnectionError(withCode(code))).toBe(false);
    expect(isRetryable(withCode(code))).toBe(false);
    expect(sqlState(withCode(code))).toBe(code);
  });

  it('knows the errors to which the driver gives no code', () => {
    expect(isConnectionError(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isConnectionError(new Error('the quest is completed already'))).toBe(false);
    expect(isConnectionError('text')).toBe(false);
    expect(sqlState(new Error('x'))).toBeNull();
  });
});
