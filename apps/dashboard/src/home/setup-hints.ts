/** D-7: what somebody new can do first; nothing for somebody who has begun. */
export function setupHints({ experience, activeQuests }: { experience: number; activeQuests: number }): string[] {
  if (experience > 0 || activeQuests > 0) return [];
  return ['Create your first quest.', 'Add a habit that you want to keep up.', 'Write a first journal entry.'];
}
