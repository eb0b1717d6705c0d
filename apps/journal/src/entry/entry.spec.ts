import { describe, expect, it } from '@jest/globals';
import { type Entry, revise, tagsFrom, wordCount } from './entry.js';
import { entryChangeBody, newEntryBody } from './requests.js';
import { entriesAllowedAMonth } from './tier.js';

const entry: Entry = {
  entry_type: 'daily', title: 'A day', content: 'Rain.', mood: 5, tags: ['home'], related_quest_id: null, related_achievement_id: null,
};

describe('J-2: words', () => {
  it.each([
    ['', 0],
    [' \n\t ', 0],
    ['one', 1],
    ['  two  words\n', 2],
    ["it's a-b, c.d – e", 5],
    ['eins\u00a0zwei\u3000drei', 3],
    ['雨', 1],
  ])('%j has %d', (content, words) => {
    expect(wordCount(content)).toBe(words);
  });
});

describe('J-1: tags', () => {
  it.each<[string | string[], string[]]>([
    ['', []],
    [' , ,', []],
    ['home, work ,home', ['home', 'work']],
    [[' home', 'work', 'home ', ''], ['home', 'work']],
    [['a, b'], ['a, b']],
    ['Home,home', ['Home', 'home']],
  ])('%j are %j', (given, tags) => {
    expect(tagsFrom(given)).toEqual(tags);
  });
});

describe('J-1: what an entry may be', () => {
  const body = { user_id: 1, entry_type: 'daily', title: 'x', content: '' };

  it('has no mood, tags or links unless told', () => {
    expect(newEntryBody.parse(body)).toEqual({ ...body, mood: null, tags: [], related_quest_id: null, related_achievement_id: null });
  });

  it.each([1, 10, null])('takes mood %j', (mood) => {
    expect(newEntryBody.parse({ ...body, mood }).mood).toBe(mood);
  });

  it.each<[string, unknown]>([
    ['mood', 0], ['mood', 11], ['mood', 5.5], ['mood', '5'],
    ['title', ''], ['title', ' \n'], ['title', 'x'.repeat(201)], ['title', undefined],
    ['entry_type', 'yearly'], ['content', undefined], ['content', 'x'.repeat(100_001)],
    ['tags', 7], ['tags', [1]], ['tags', Array.from({ length: 21 }, (_, index) => `t${index}`)], ['tags', 'x'.repeat(51)],
    ['related_quest_id', 0], ['related_achievement_id', '1'], ['user_id', -1], ['text', 'unknown field'],
  ])('refuses %s = %j', (field, value) => {
    expect(newEntryBody.safeParse({ ...body, [field]: value }).success).toBe(false);
  });

  it('names every fault at once', () => {
    const { error } = newEntryBody.safeParse({ user_id: 0, entry_type: 'x', title: ' ', mood: 11 });
    expect(error?.issues.map(({ path }) => path[0]).sort()).toEqual(['content', 'entry_type', 'mood', 'title', 'user_id']);
  });

  it('a change names something, and never the owner', () => {
    expect(entryChangeBody.safeParse({}).success).toBe(false);
    expect(entryChangeBody.safeParse({ user_id: 2 }).success).toBe(false);
    expect(entryChangeBody.parse({ tags: 'a,b' })).toEqual({ tags: ['a', 'b'] });
  });
});

describe('E-25: a change', () => {
  it('tells new values by the names of E-24, and of the text only that it changed', () => {
    const change = { title: 'A night', content: 'Secret.', mood: null, tags: ['out'] };
    expect(revise(entry, change)).toEqual({
      after: { ...entry, ...change },
      updatedFields: { title: 'A night', content: true, mood_rating: null, tags: ['out'] },
    });
  });

  it('tells only what differs, and nothing when nothing does', () => {
    expect(revise(entry, { title: 'A day', mood: 6, content: undefined })?.updatedFields).toEqual({ mood_rating: 6 });
    expect(revise(entry, { ...entry, content: 'Rain.' })).toBeNull();
  });

  it('gives back a text that was not restored', () => {
    expect(revise({ ...entry, content: null }, { content: '' })?.after.content).toBe('');
  });
});

describe('J-2: tiers', () => {
  it.each([['free', 10], ['premium', Infinity], ['pro', Infinity], ['enterprise', Infinity]] as const)('%s allows %d entries a month', (tier, allowed) => {
    expect(entriesAllowedAMonth(tier)).toBe(allowed);
  });
});
