import type { ArgumentMetadata } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Invalid } from './problems.js';
import { bodyId, pathId, text, valid } from './validation.js';

const quest = z.object({ user_id: bodyId, title: text(1, 5), tags: z.array(text(1, 3)).optional() });
const metadata: ArgumentMetadata = { type: 'body' };

function faultsOf(schema: z.ZodType, value: unknown): unknown {
  try {
    valid(schema).transform(value, metadata);
  } catch (error) {
    if (error instanceof Invalid) return error.details;
    throw error;
  }
  return [];
}

describe('validating a part of a request', () => {
  it('passes what fits', () => {
    expect(valid(quest).transform({ user_id: 1, title: 'Read' }, metadata)).toEqual({ user_id: 1, title: 'Read' });
  });

  it('names every fault and every unknown field at once', () => {
    expect(faultsOf(quest, { title: 'too long', tags: ['ok', '    '], extra: 1 })).toEqual([
      { field: 'user_id', message: 'is missing' },
      { field: 'title', message: 'has more than 5 characters' },
      { field: 'tags.1', message: 'has more than 3 characters' },
      { field: 'tags.1', message: 'is blank' },
      { field: 'extra', message: 'is not a known field' },
    ]);
  });

  it('counts characters as people do: an emoji is one', () => {
    expect(faultsOf(quest, { user_id: 1, title: '🎉'.repeat(5) })).toEqual([]);
    expect(faultsOf(quest, { user_id: 1, title: '🎉'.repeat(6) })).toEqual([{ field: 'title', message: 'has more than 5 characters' }]);
    expect(faultsOf(z.object({ title: text(2, 5) }), { title: '🎉' })).toEqual([{ field: 'title', message: 'has fewer than 2 characters' }]);
  });

  it('takes an absent body for an empty one', () => {
    expect(faultsOf(quest, undefined)).toHaveLength(2);
    expect(faultsOf(quest, [])).not.toEqual([]);
    expect(faultsOf(quest, 'text')).not.toEqual([]);
  });

  it('refuses null bytes and lone surrogates, which PostgreSQL cannot hold, at any depth', () => {
    expect(faultsOf(quest, { user_id: 1, title: 'a\0b', tags: ['\ud800'] })).toEqual([
      { field: 'title', message: 'contains a null byte' },
      { field: 'tags.0', message: 'is not well-formed Unicode' },
    ]);
  });

  it.each([0, -1, 1.5, 2 ** 53, '1', null])('refuses %p as an id in a body', (id) => {
    expect(faultsOf(z.object({ id: bodyId }), { id })).not.toEqual([]);
  });

  it.each(['0', '-1', '1.5', '9007199254740992', '01', '1e3', ' 1', ''])('refuses %p as an id in a path', (id) => {
    expect(faultsOf(z.object({ id: pathId }), { id })).not.toEqual([]);
  });

  it('reads an id in a path as a number', () => {
    expect(valid(z.object({ id: pathId })).transform({ id: '9007199254740991' }, metadata)).toEqual({ id: Number.MAX_SAFE_INTEGER });
  });
});
