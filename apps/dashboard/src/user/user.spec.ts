import { describe, expect, it } from '@jest/globals';
import { EmailTaken, NothingToChange, UserNameTaken } from './errors.js';
import { differenceOf, requireFree, type User } from './user.js';

const ada: User = {
  user_id: 1,
  username: 'ada',
  email: 'ada@example.org',
  time_zone: 'UTC',
  first_name: 'Ada',
  last_name: null,
  bio: null,
  location: null,
  birth_date: null,
  registered_at: new Date('2026-01-01T00:00:00Z'),
};

describe('D-1: registering', () => {
  it('refuses a taken name and a taken address', () => {
    expect(() => requireFree({ username: 'ada' }, { username: true, email: false })).toThrow(UserNameTaken);
    expect(() => requireFree({ username: 'ada' }, { username: false, email: true })).toThrow(EmailTaken);
    expect(() => requireFree({ username: 'ada' }, { username: false, email: false })).not.toThrow();
  });
});

describe('D-3, E-2: changing the profile', () => {
  it('gives the fields that differ, before and after, under the same keys', () => {
    expect(differenceOf(ada, { first_name: 'Augusta', last_name: 'King', time_zone: 'UTC' })).toEqual({
      updated_fields: { first_name: 'Augusta', last_name: 'King' },
      previous_values: { first_name: 'Ada', last_name: null },
    });
  });

  it('can clear a field', () => {
    expect(differenceOf(ada, { first_name: null })).toEqual({ updated_fields: { first_name: null }, previous_values: { first_name: 'Ada' } });
  });

  it('is nothing when all is as before', () => {
    expect(differenceOf(ada, { first_name: 'Ada' })).toBeNull();
  });

  it('refuses a change without a field', () => {
    expect(() => differenceOf(ada, {})).toThrow(NothingToChange);
    expect(() => differenceOf(ada, { bio: undefined })).toThrow(NothingToChange);
  });
});
