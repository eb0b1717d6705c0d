/**
 * What is known of a person, kept from events; only what rules ask for. Each measure
 * is fed by one handler alone, which hears a person's events in the order of their topic: so each
 * threshold is passed at the same event whatever other topics do meanwhile, also in a rebuild.
 */
export interface UserContext {
  /** 1 once the sign-up was heard of. */
  readonly registrations: number;
  readonly level: number;
  readonly total_experience: number;
  readonly quests_completed: number;
  readonly quest_chains: number;
  readonly longest_streak: number;
  /** Habits completed before 08:00 UTC. */
  readonly early_completions: number;
  readonly highest_stat: number;
  readonly stat_milestones: number;
  readonly practice_sessions: number;
  readonly practice_minutes: number;
  readonly highest_skill_level: number;
  /** 1 novice … 5 master. */
  readonly highest_mastery: number;
  readonly journal_entries: number;
  readonly integrations: number;
  /** 1 once savings were at or above their target. */
  readonly savings_goals_reached: number;
}

/** A person of whom nothing was heard yet. */
export const nothingHeard: UserContext = {
  registrations: 0,
  level: 1,
  total_experience: 0,
  quests_completed: 0,
  quest_chains: 0,
  longest_streak: 0,
  early_completions: 0,
  highest_stat: 0,
  stat_milestones: 0,
  practice_sessions: 0,
  practice_minutes: 0,
  highest_skill_level: 0,
  highest_mastery: 0,
  journal_entries: 0,
  integrations: 0,
  savings_goals_reached: 0,
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

const masteries = ['novice', 'apprentice', 'journeyman', 'expert', 'master'];

/** 1 for a novice up to 5 for a master; 0 for a name that is not known yet. */
export function masteryRank(name: string): number {
  return masteries.indexOf(name) + 1;
}

export function masteryNamed(rank: number): string {
  return masteries[rank - 1] ?? `rank ${rank}`;
}

const earlyUntilHour = 8;

/** Whether something happened early in the day, by UTC. */
export function isEarly(at: Date): boolean {
  return at.getUTCHours() < earlyUntilHour;
}
