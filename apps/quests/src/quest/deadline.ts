import { daysBetween } from '../habit/periods.js';
import type { QuestStatus } from './quest.js';

/** How a quest stands to its due date. */
export interface Deadline {
  /** Days until the due date, below 0 after it; null without one, and when nothing is left to do. */
  readonly days_left: number | null;
  readonly overdue: boolean;
  /** Due within two days. */
  readonly near: boolean;
}

const nearDays = 2;

/** `today` is the person's own. */
export function deadlineOf(quest: { readonly due_date: string | null; readonly status: QuestStatus }, today: string): Deadline {
  const open = quest.status !== 'completed' && quest.status !== 'failed';
  const days_left = open && quest.due_date !== null ? daysBetween(today, quest.due_date) : null;
  return { days_left, overdue: days_left !== null && days_left < 0, near: days_left !== null && days_left >= 0 && days_left <= nearDays };
}
