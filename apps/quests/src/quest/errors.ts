import type { Quest, QuestStatus } from './quest.js';

/** The quest's status, or its type, does not allow the step; nothing happened. */
export class IllegalQuestStep extends Error {
  readonly code = 'illegal_quest_step';
  readonly kind = 'conflict';
  readonly retryable = false;

  constructor(quest: Pick<Quest, 'quest_id' | 'quest_type' | 'status'>, next: QuestStatus) {
    super(`Quest ${quest.quest_id} (${quest.quest_type}) is ${quest.status} and cannot become ${next}.`);
    this.name = 'IllegalQuestStep';
  }
}

export class QuestNotFound extends Error {
  readonly code = 'quest_not_found';
  readonly kind = 'not_found';
  readonly retryable = false;

  constructor(questId: number) {
    super(`There is no quest ${questId}.`);
    this.name = 'QuestNotFound';
  }
}

/** The tier allows no further active quest; nothing happened. */
export class TooManyActiveQuests extends Error {
  readonly code = 'too_many_active_quests';
  readonly kind = 'forbidden';
  readonly retryable = false;

  constructor(allowed: number) {
    super(`The free tier allows ${allowed} active quests. Complete, fail or pause one first.`);
    this.name = 'TooManyActiveQuests';
  }
}
