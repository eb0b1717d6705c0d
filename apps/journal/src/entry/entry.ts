export const entryTypes = ['daily', 'weekly', 'milestone', 'insight'] as const;
export type EntryType = (typeof entryTypes)[number];

/** What a person writes down (J-1). */
export interface EntryContent {
  readonly entry_type: EntryType;
  readonly title: string;
  readonly content: string;
  /** 1 … 10; null when not told. */
  readonly mood: number | null;
  readonly tags: readonly string[];
  readonly related_quest_id: number | null;
  readonly related_achievement_id: number | null;
}

/** Of an entry that was put back from events, the text is unknown: null. */
export type Entry = Omit<EntryContent, 'content'> & { readonly content: string | null };

/** What is left out, or undefined, stays. */
export type EntryChange = { readonly [K in keyof EntryContent]?: EntryContent[K] | undefined };

/** J-2: words between white space. */
export const wordCount = (content: string): number => content.match(/\S+/g)?.length ?? 0;

/** J-1: trimmed, without empty ones and duplicates, in the order given. */
export function tagsFrom(given: string | readonly string[]): string[] {
  const parts = typeof given === 'string' ? given.split(',') : given;
  return [...new Set(parts.map((tag) => tag.trim()).filter((tag) => tag !== ''))];
}

// The names that JournalEntryCreated has for these fields.
const eventNames: Partial<Record<keyof EntryContent, string>> = { mood: 'mood_rating' };

/** An entry after a change, and what JournalEntryUpdated tells of it; null when nothing differs. */
export function revise(before: Entry, change: EntryChange): { after: Entry; updatedFields: Record<string, unknown> } | null {
  const changed = (Object.keys(change) as (keyof EntryContent)[]).filter(
    (field) => change[field] !== undefined && JSON.stringify(change[field]) !== JSON.stringify(before[field]),
  );
  if (changed.length === 0) return null;
  // The text never leaves the service, only that it changed (E-25).
  const told = (field: keyof EntryContent): unknown => (field === 'content' ? true : change[field]);
  return {
    after: { ...before, ...Object.fromEntries(changed.map((field) => [field, change[field]])) },
    updatedFields: Object.fromEntries(changed.map((field) => [eventNames[field] ?? field, told(field)])),
  };
}
