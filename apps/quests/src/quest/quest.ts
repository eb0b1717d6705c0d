import type { QuestChangedInput, QuestCompletedInput, QuestCreatedInput, QuestFailedInput, QuestStatusChangedInput } from '@lifeos/contracts';
import type { QuestDetailsRecordedInput } from '../generated/index.js';
import { IllegalQuestStep } from './errors.js';

export const questTypes = ['life_goal', 'annual_goal', 'main', 'side', 'weekly', 'daily'] as const;
export const difficulties = ['easy', 'medium', 'hard', 'legendary'] as const;
export const questStatuses = ['draft', 'active', 'paused', 'completed', 'failed'] as const;

export type QuestType = (typeof questTypes)[number];
export type Difficulty = (typeof difficulties)[number];
export type QuestStatus = (typeof questStatuses)[number];

/** Base XP of a quest whose creator names none. */
export const defaultExperience: Readonly<Record<QuestType, number>> = {
  daily: 25,
  weekly: 75,
  side: 50,
  main: 150,
  annual_goal: 500,
  life_goal: 1000,
};

const factors: Readonly<Record<Difficulty, number>> = { easy: 1, medium: 1.5, hard: 2, legendary: 3 };

const nextStatuses: Readonly<Record<QuestStatus, readonly QuestStatus[]>> = {
  draft: ['active', 'failed'],
  active: ['completed', 'failed', 'paused'],
  paused: ['active', 'failed'],
  failed: ['active'],
  completed: [],
};

const neverPaused: readonly QuestType[] = ['daily', 'weekly'];

/** What the log of a quest holds. */
export type QuestEvent =
  | { readonly name: 'QuestCreated'; readonly data: QuestCreatedInput }
  | { readonly name: 'QuestDetailsRecorded'; readonly data: QuestDetailsRecordedInput }
  | { readonly name: 'QuestStatusChanged'; readonly data: QuestStatusChangedInput }
  | { readonly name: 'QuestCompleted'; readonly data: QuestCompletedInput }
  | { readonly name: 'QuestFailed'; readonly data: QuestFailedInput }
  | { readonly name: 'QuestChanged'; readonly data: QuestChangedInput };

/** A quest as its next decision needs it. */
export interface Quest {
  readonly quest_id: number;
  readonly user_id: number;
  readonly quest_type: QuestType;
  readonly difficulty: Difficulty;
  /** Base XP, before the factor of the difficulty. */
  readonly experience_reward: number;
  readonly status: QuestStatus;
}

/** A checked wish for a quest, every default filled in. */
export interface NewQuest {
  readonly user_id: number;
  readonly title: string;
  readonly description: string;
  readonly quest_type: QuestType;
  readonly difficulty: Difficulty;
  readonly experience_reward: number;
  readonly start_date: string | null;
  readonly due_date: string | null;
  readonly parent_quest_id: number | null;
  readonly prerequisite_quest_ids: readonly number[];
  readonly chain_name: string | null;
  readonly auto_completion_rules: readonly AutoCompletionRule[];
  readonly status: 'draft' | 'active';
}

export interface AutoCompletionRule {
  readonly source: string;
  readonly metric: string;
  readonly operator: '>=' | '>' | '==' | '<=' | '<';
  readonly threshold: number;
}

export interface CreateQuest {
  readonly quest_id: number;
  readonly wish: NewQuest;
  /** Whether any prerequisite is not completed yet. */
  readonly prerequisitesOpen: boolean;
}

/** A new quest is active unless a draft is asked for or a prerequisite is open. */
export function createQuest({ quest_id, wish, prerequisitesOpen }: CreateQuest): QuestEvent[] {
  const { user_id } = wish;
  return [
    {
      name: 'QuestCreated',
      data: {
        user_id,
        quest_id,
        quest_type: wish.quest_type,
        title: wish.title,
        difficulty: wish.difficulty,
        experience_reward: wish.experience_reward,
        status: prerequisitesOpen ? 'draft' : wish.status,
        due_date: wish.due_date,
        auto_completion_rules: wish.auto_completion_rules.map((rule) => ({ ...rule })),
      },
    },
    {
      name: 'QuestDetailsRecorded',
      data: {
        user_id,
        quest_id,
        description: wish.description,
        start_date: wish.start_date,
        parent_quest_id: wish.parent_quest_id,
        prerequisite_quest_ids: [...wish.prerequisite_quest_ids],
        chain_name: wish.chain_name,
      },
    },
  ];
}

/** XP to book is the base times the factor, floored. @throws IllegalQuestStep unless the quest is active. */
export function completeQuest(quest: Quest, how: { at: Date; automatically: boolean }): QuestEvent[] {
  refuseUnlessAllowed(quest, 'completed');
  return [
    {
      name: 'QuestCompleted',
      data: {
        user_id: quest.user_id,
        quest_id: quest.quest_id,
        quest_type: quest.quest_type,
        experience_reward: Math.floor(quest.experience_reward * factors[quest.difficulty]),
        completion_timestamp: how.at,
        auto_completed: how.automatically,
      },
    },
  ];
}

/** No XP is taken away. @throws IllegalQuestStep when the quest is completed or failed already. */
export function failQuest(quest: Quest, how: { at: Date; reason: string }): QuestEvent[] {
  refuseUnlessAllowed(quest, 'failed');
  const { user_id, quest_id, quest_type } = quest;
  return [
    { name: 'QuestFailed', data: { user_id, quest_id, quest_type, failure_reason: how.reason, failure_timestamp: how.at } },
  ];
}

/** Activates a draft, resumes a paused quest, retries a failed one. @throws IllegalQuestStep from any other status. */
export function activateQuest(quest: Quest, at: Date): QuestEvent[] {
  return [statusChanged(quest, 'active', at)];
}

/** @throws IllegalQuestStep unless the quest is active and neither daily nor weekly. */
export function pauseQuest(quest: Quest, at: Date): QuestEvent[] {
  if (neverPaused.includes(quest.quest_type)) throw new IllegalQuestStep(quest, 'paused');
  return [statusChanged(quest, 'paused', at)];
}

function statusChanged(quest: Quest, status: 'active' | 'paused', at: Date): QuestEvent {
  refuseUnlessAllowed(quest, status);
  const { user_id, quest_id } = quest;
  // Nothing follows completed, so it was refused above.
  const previous_status = quest.status as Exclude<QuestStatus, 'completed'>;
  return { name: 'QuestStatusChanged', data: { user_id, quest_id, previous_status, new_status: status, changed_at: at } };
}

function refuseUnlessAllowed(quest: Quest, next: QuestStatus): void {
  if (!nextStatuses[quest.status].includes(next)) throw new IllegalQuestStep(quest, next);
}

/** The quest after one more event of its log; null before the first. */
export function evolve(quest: Quest | null, event: QuestEvent): Quest | null {
  if (event.name === 'QuestCreated') {
    const { user_id, quest_id, quest_type, difficulty, experience_reward, status = 'active' } = event.data;
    return { user_id, quest_id, quest_type, difficulty, experience_reward, status };
  }
  return quest && { ...quest, status: statusAfter(quest.status, event) };
}

function statusAfter(status: QuestStatus, event: QuestEvent): QuestStatus {
  switch (event.name) {
    case 'QuestCompleted':
      return 'completed';
    case 'QuestFailed':
      return 'failed';
    case 'QuestStatusChanged':
      return event.data.new_status;
    default:
      return status;
  }
}
