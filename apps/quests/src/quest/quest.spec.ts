import { describe, expect, it } from '@jest/globals';
import { IllegalQuestStep } from './errors.js';
import {
  activateQuest,
  completeQuest,
  createQuest,
  type Difficulty,
  evolve,
  failQuest,
  type NewQuest,
  pauseQuest,
  type Quest,
  type QuestEvent,
  questStatuses,
  type QuestStatus,
} from './quest.js';

const at = new Date('2026-11-21T10:00:00Z');

const wish: NewQuest = {
  user_id: 7,
  title: 'Run a marathon',
  description: 'All 42 km',
  quest_type: 'main',
  difficulty: 'medium',
  experience_reward: 150,
  start_date: '2026-01-01',
  due_date: '2026-12-31',
  parent_quest_id: null,
  prerequisite_quest_ids: [],
  chain_name: null,
  auto_completion_rules: [{ source: 'strava', metric: 'workout.minutes', operator: '>=', threshold: 240 }],
  status: 'active',
};

const given = (over: Partial<NewQuest>, ...more: QuestEvent[]): Quest => {
  const history = [...createQuest({ quest_id: 3, wish: { ...wish, ...over }, prerequisitesOpen: false }), ...more];
  const quest = history.reduce<Quest | null>(evolve, null);
  if (!quest) throw new Error('a created quest is there');
  return quest;
};

const reach = (status: QuestStatus): Quest => ({ ...given({}), status });

describe('creating a quest', () => {
  it('publishes what others may know and keeps the rest for itself', () => {
    const events = createQuest({ quest_id: 3, wish, prerequisitesOpen: false });
    expect(events).toEqual([
      {
        name: 'QuestCreated',
        data: {
          user_id: 7,
          quest_id: 3,
          quest_type: 'main',
          title: 'Run a marathon',
          difficulty: 'medium',
          experience_reward: 150,
          status: 'active',
          due_date: '2026-12-31',
          auto_completion_rules: wish.auto_completion_rules,
        },
      },
      {
        name: 'QuestDetailsRecorded',
        data: {
          user_id: 7,
          quest_id: 3,
          description: 'All 42 km',
          start_date: '2026-01-01',
          parent_quest_id: null,
          prerequisite_quest_ids: [],
          chain_name: null,
        },
      },
    ]);
  });

  it.each([
    ['active', false, 'active'],
    ['draft', false, 'draft'],
    ['active', true, 'draft'],
    ['draft', true, 'draft'],
  ] as const)('Q-5: asked for %s with open prerequisites %s it starts as %s', (status, prerequisitesOpen, expected) => {
    const [created] = createQuest({ quest_id: 3, wish: { ...wish, status }, prerequisitesOpen });
    expect(created?.data).toMatchObject({ status: expected });
  });
});

describe('completing a quest', () => {
  it('Q-7: publishes the completion with its time', () => {
    expect(completeQuest(given({}), { at, automatically: false })).toEqual([
      {
        name: 'QuestCompleted',
        data: {
          user_id: 7,
          quest_id: 3,
          quest_type: 'main',
          experience_reward: 225,
          completion_timestamp: at,
          auto_completed: false,
        },
      },
    ]);
  });

  it('says when a rule led to it', () => {
    const [completed] = completeQuest(given({}), { at, automatically: true });
    expect(completed?.data).toMatchObject({ auto_completed: true });
  });

  it.each<[number, Difficulty, number]>([
    [100, 'easy', 100],
    [0, 'legendary', 0],
    [1, 'medium', 1],
    [3, 'medium', 4],
    [25, 'medium', 37],
    [75, 'hard', 150],
    [10_000, 'legendary', 30_000],
  ])('Q-4: %i XP at %s books %i', (experience_reward, difficulty, booked) => {
    const [completed] = completeQuest(given({ experience_reward, difficulty }), { at, automatically: false });
    expect(completed?.data).toMatchObject({ experience_reward: booked });
  });

  it('Q-7: a second completion is refused', () => {
    const quest = given({}, ...completeQuest(given({}), { at, automatically: false }));
    expect(() => completeQuest(quest, { at, automatically: false })).toThrow(IllegalQuestStep);
  });

  it('Q-7: the refusal names the quest, its status and the step', () => {
    expect(() => completeQuest(reach('failed'), { at, automatically: false })).toThrow(
      'Quest 3 (main) is failed and cannot become completed.',
    );
  });
});

describe('Q-5: the steps between statuses', () => {
  const steps = {
    completed: (quest: Quest) => completeQuest(quest, { at, automatically: false }),
    failed: (quest: Quest) => failQuest(quest, { at, reason: 'abandoned' }),
    active: (quest: Quest) => activateQuest(quest, at),
    paused: (quest: Quest) => pauseQuest(quest, at),
  };
  const allowed = [
    'draft>active', 'draft>failed', 'active>completed', 'active>failed', 'active>paused', 'paused>active', 'paused>failed', 'failed>active',
  ];
  const every = questStatuses.flatMap((from) => (Object.keys(steps) as (keyof typeof steps)[]).map((to) => [from, to] as const));

  it.each(every.filter(([from, to]) => allowed.includes(`${from}>${to}`)))('%s may become %s', (from, to) => {
    const quest = reach(from);
    expect(steps[to](quest).reduce<Quest | null>(evolve, quest)?.status).toBe(to);
  });

  it.each(every.filter(([from, to]) => !allowed.includes(`${from}>${to}`)))('%s never becomes %s', (from, to) => {
    expect(() => steps[to](reach(from))).toThrow(IllegalQuestStep);
  });

  it('Q-8: failing publishes the reason', () => {
    expect(failQuest(reach('active'), { at, reason: 'timeout' })).toEqual([
      { name: 'QuestFailed', data: { user_id: 7, quest_id: 3, quest_type: 'main', failure_reason: 'timeout', failure_timestamp: at } },
    ]);
  });

  it.each(['daily', 'weekly'] as const)('Q-6: a %s quest cannot be paused', (quest_type) => {
    expect(() => pauseQuest(given({ quest_type }), at)).toThrow(IllegalQuestStep);
  });
});
