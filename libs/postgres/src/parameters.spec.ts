import { describe, expect, it } from '@jest/globals';
import { parametersOf } from './parameters.js';

describe('parameters', () => {
  it('are arrays of texts and numbers as literals, quoted only where they must be', () => {
    expect(parametersOf([['a-1', 'b.c', '2026-01-01T00:00:00.000Z'], [1, -2.5, NaN], []])).toEqual(['{a-1,b.c,2026-01-01T00:00:00.000Z}', '{1,-2.5,NaN}', '{}']);
    expect(parametersOf([['', 'null', 'NULL', 'nullable', 'a b', 'a,b', '{}', 'a"b', 'a\\b', 'Zoë', null]])).toEqual(['{"","null","NULL",nullable,"a b","a,b","{}","a\\"b","a\\\\b","Zoë",NULL}']);
  });

  it('are whatever else they were', () => {
    const others = ['a', 1, null, Buffer.from('a'), new Date(0), { a: 1 }, [[1], [2]], [Buffer.from('a')], [new Date(0)], [true], [undefined]];
    const sent = parametersOf(others);
    others.forEach((other, index) => expect(sent[index]).toBe(other));
  });
});
