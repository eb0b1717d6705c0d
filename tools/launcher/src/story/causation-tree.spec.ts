import { describe, expect, it } from '@jest/globals';
import { causationTree, keyValues, type SeenEvent } from './causation-tree.js';

const event = (eventId: string, causationId: string | null, name: string, fields: SeenEvent['fields'] = {}): SeenEvent => ({
  eventId, causationId, correlationId: 'flow', name, version: '1.0.0', source: 'quests', fields, afterMs: 12.4,
});

describe('the tree of a flow', () => {
  it('puts each event under its cause, siblings in order of arrival', () => {
    const lines = causationTree([
      event('a', null, 'QuestCompleted'),
      event('b', 'a', 'ExperienceAwarded'),
      event('c', 'a', 'ReflectionPromptSuggested'),
      event('d', 'b', 'LevelUp'),
    ]);
    expect(lines[0]).toMatch(/^└─ quests +QuestCompleted 1\.0\.0 .*\+12 ms$/);
    expect(lines[1]).toMatch(/^ {3}├─ quests +ExperienceAwarded/);
    expect(lines[2]).toMatch(/^ {3}│ {2}└─ quests +LevelUp/);
    expect(lines[3]).toMatch(/^ {3}└─ quests +ReflectionPromptSuggested/);
  });

  it('keeps an event whose cause was never seen, at the top', () => {
    expect(causationTree([event('x', 'unseen', 'LevelUp')])[0]).toMatch(/^└─ quests +LevelUp/);
  });

  it('folds more than two alike into one line, but for those that something follows from', () => {
    const lines = causationTree([
      event('a', null, 'DataSyncCompleted'),
      ...['b', 'c', 'd', 'e'].map((id) => event(id, 'a', 'LifeStatUpdated', { new_value: id })),
      event('f', 'c', 'BalanceScoreCalculated'),
      event('g', 'a', 'CoreStatUpdated'),
      event('h', 'a', 'CoreStatUpdated'),
    ]);
    expect(lines.map((line) => line.replace(/ {2,}/g, ' '))).toEqual([
      expect.stringContaining('DataSyncCompleted'),
      expect.stringMatching(/LifeStatUpdated 1\.0\.0 new_value="b" and 2 more \+12 ms$/),
      expect.stringMatching(/LifeStatUpdated 1\.0\.0 new_value="c" \+12 ms$/),
      expect.stringContaining('BalanceScoreCalculated'),
      expect.stringMatching(/├─ quests CoreStatUpdated/),
      expect.stringMatching(/└─ quests CoreStatUpdated/),
    ]);
  });

  it('shows at most three telling fields, and none that is empty', () => {
    expect(keyValues({ user_id: 1, stat_name: 'agility', previous_value: 10, new_value: 11, reason: 'x' })).toBe(
      'stat_name="agility" previous_value=10 new_value=11',
    );
    expect(keyValues({ user_id: 1, title: '' })).toBe('');
  });
});
