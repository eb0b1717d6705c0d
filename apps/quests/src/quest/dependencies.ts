/** What a quest waits for, or follows. */
export interface Dependencies {
  readonly parent_quest_id: number | null;
  readonly prerequisite_quest_ids: readonly number[];
}

/** Whether a quest would depend on itself, directly or through others, if it had these dependencies. */
export function makesCircle(questId: number, wanted: Dependencies, others: ReadonlyMap<number, Dependencies>): boolean {
  const seen = new Set<number>();
  const ahead = namedBy(wanted);
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (next === questId) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    const dependencies = others.get(next);
    if (dependencies) ahead.push(...namedBy(dependencies));
  }
  return false;
}

export function namedBy({ parent_quest_id, prerequisite_quest_ids }: Dependencies): number[] {
  return parent_quest_id === null ? [...prerequisite_quest_ids] : [...prerequisite_quest_ids, parent_quest_id];
}
