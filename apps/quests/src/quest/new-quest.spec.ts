import { describe, expect, it } from '@jest/globals';
import { newQuestBody } from './new-quest.js';

const least = { user_id: 1, title: 'Read', quest_type: 'side' };
const faultsOf = (body: unknown): string[] =>
  [...new Set(newQuestBody.safeParse(body).error?.issues.map((issue) => issue.path.join('.')))];

describe('the body of a new quest', () => {
  it('Q-2, Q-3, Q-5: what is left out gets its default', () => {
    expect(newQuestBody.parse(least)).toEqual({
      ...least,
      description: '',
      difficulty: 'easy',
      experience_reward: 50,
      start_date: null,
      due_date: null,
      parent_quest_id: null,
      prerequisite_quest_ids: [],
      chain_name: null,
      auto_completion_rules: [],
      status: 'active',
    });
  });

  it.each([
    ['daily', 25],
    ['weekly', 75],
    ['side', 50],
    ['main', 150],
    ['annual_goal', 500],
    ['life_goal', 1000],
  ])('Q-3: a %s quest is worth %i XP by default', (quest_type, experience) => {
    expect(newQuestBody.parse({ ...least, quest_type }).experience_reward).toBe(experience);
  });

  it.each([
    ['Q-3', { title: 'x' }],
    ['Q-3', { title: 'x'.repeat(200) }],
    ['Q-3', { description: 'x'.repeat(2000) }],
    ['Q-3', { experience_reward: 0 }],
    ['Q-3', { experience_reward: 10_000 }],
    ['Q-3', { start_date: '2026-02-28', due_date: '2026-02-28' }],
    ['Q-3', { start_date: '2027-02-28' }],
    ['Q-2', { difficulty: 'legendary' }],
    ['Q-1', { quest_type: 'life_goal' }],
    ['Q-5', { status: 'draft' }],
    ['Q-14', { auto_completion_rules: [{ source: 'todoist', metric: 'task.completed', operator: '==', threshold: 5 }] }],
  ])('%s: takes %j', (_rule, over) => {
    expect(faultsOf({ ...least, ...over })).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['Q-3', { title: '' }, 'title'],
    ['Q-3', { title: ' \t\n' }, 'title'],
    ['Q-3', { title: 'x'.repeat(201) }, 'title'],
    ['Q-3', { title: 5 }, 'title'],
    ['Q-3', { description: 'x'.repeat(2001) }, 'description'],
    ['Q-3', { experience_reward: -1 }, 'experience_reward'],
    ['Q-3', { experience_reward: 10_001 }, 'experience_reward'],
    ['Q-3', { experience_reward: 1.5 }, 'experience_reward'],
    ['Q-3', { experience_reward: '5' }, 'experience_reward'],
    ['Q-3', { start_date: '2026-03-01', due_date: '2026-02-28' }, 'start_date'],
    ['Q-3', { due_date: '2026-02-29' }, 'due_date'],
    ['Q-3', { due_date: '0000-01-01' }, 'due_date'],
    ['Q-3', { due_date: '2026-02-28T00:00:00Z' }, 'due_date'],
    ['Q-2', { difficulty: 'Easy' }, 'difficulty'],
    ['Q-1', { quest_type: 'hourly' }, 'quest_type'],
    ['Q-5', { status: 'completed' }, 'status'],
    ['Q-12', { prerequisite_quest_ids: [4, 4] }, 'prerequisite_quest_ids'],
    ['R-8', { user_id: 0 }, 'user_id'],
    ['R-8', { user_id: 2 ** 53 }, 'user_id'],
    ['R-8', { user_id: '1' }, 'user_id'],
    ['R-8', { colour: 'red' }, ''],
  ])('%s: refuses %j', (_rule, over, field) => {
    expect(faultsOf({ ...least, ...over })).toEqual([field]);
  });

  it('names every fault at once, the order of the dates among them', () => {
    const faults = faultsOf({
      title: 'x'.repeat(201),
      quest_type: 'hourly',
      experience_reward: -1,
      difficulty: 3,
      start_date: '2026-03-01',
      due_date: '2026-02-28',
    });
    expect(faults.sort()).toEqual(['difficulty', 'experience_reward', 'quest_type', 'start_date', 'title', 'user_id']);
  });

  it.each([null, [], 'text', 5])('refuses a body that is no object: %j', (body) => {
    expect(faultsOf(body)).toEqual(['']);
  });
});
