/** How much of everything somebody has. */
export interface Beginnings {
  readonly experience: number;
  readonly activeQuests: number;
  readonly habits: number;
  readonly entries: number;
}

/** D-7: what somebody new can do first; nothing for somebody who has begun. */
export function setupHints({ experience, activeQuests, habits, entries }: Beginnings): string[] {
  if (experience + activeQuests + habits + entries > 0) return [];
  return ['Create your first quest.', 'Add a habit that you want to keep up.', 'Write a first journal entry.'];
}
