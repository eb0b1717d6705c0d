/** What is known of a person, kept from events; only what rules ask for. */
export interface UserContext {
  /** 1 once the sign-up was heard of. */
  readonly registrations: number;
  readonly level: number;
  readonly total_experience: number;
  readonly quests_completed: number;
  readonly longest_streak: number;
  readonly highest_stat: number;
  readonly highest_skill_level: number;
  readonly journal_entries: number;
  readonly integrations: number;
}

/** A person of whom nothing was heard yet. */
export const nothingHeard: UserContext = {
  registrations: 0,
  level: 1,
  total_experience: 0,
  quests_completed: 0,
  longest_streak: 0,
  highest_stat: 0,
  highest_skill_level: 0,
  journal_entries: 0,
  integrations: 0,
};

/** What one event adds. Sums and maxima only: events of different topics come in any order. */
export interface Growth {
  readonly add?: Partial<UserContext>;
  /** The higher one of this and what is known. */
  readonly reach?: Partial<UserContext>;
}

export function grow(known: UserContext, { add = {}, reach = {} }: Growth): UserContext {
  const grown = (Object.keys(known) as (keyof UserContext)[]).map((measure) => [
    measure,
    Math.max(known[measure] + (add[measure] ?? 0), reach[measure] ?? 0),
  ]);
  return Object.fromEntries(grown) as UserContext;
}
