import type { StatMilestoneReachedInput } from '@lifeos/contracts';

/** S-11. */
const coreMilestones = [20, 40, 60, 80, 100] as const;
/** S-12, in per cent of the target. */
const lifeMilestones = [25, 50, 75, 100] as const;

/** What E-7 tells. */
export type Milestone = StatMilestoneReachedInput;

/** Names the milestone among all of a person: E-7 comes once for each (S-13). */
export const milestoneKey = ({ user_id, stat_name, milestone_value }: Pick<Milestone, 'user_id' | 'stat_name' | 'milestone_value'>): string =>
  `${user_id} ${stat_name} ${milestone_value}`;

/** A change of a core stat. */
export interface CoreChange {
  readonly userId: number;
  readonly name: Milestone['stat_name'];
  readonly previous: number;
  readonly next: number;
}

/** The milestones that a change of a core stat passes upward (S-11). */
export function coreMilestonesPassed({ userId, name, previous, next }: CoreChange): Milestone[] {
  return coreMilestones
    .filter((value) => previous < value && value <= next)
    .map((value) => ({ user_id: userId, stat_type: 'core', stat_name: name, milestone_value: value, milestone_type: 'level' }));
}

/** A life stat's value and target at one time. */
export interface Measured {
  readonly value: number;
  readonly target: number | null;
}

/** Per cent of the target that a change of value or target passes upward (S-12). */
export function percentPassed(before: Measured, after: Measured): number[] {
  return lifeMilestones.filter((percent) => !reaches(before, percent) && reaches(after, percent));
}

export const lifeMilestone = (userId: number, name: Milestone['stat_name'], percent: number): Milestone => ({
  user_id: userId,
  stat_type: 'life',
  stat_name: name,
  milestone_value: percent,
  milestone_type: percent === 100 ? 'goal' : 'target_percent',
});

/** In whole numbers: as doubles, 0.3 of 0.4 falls below its 75 per cent. */
function reaches({ value, target }: Measured, percent: number): boolean {
  if (target === null || target <= 0) return false;
  return tenThousandths(value) * 100n >= tenThousandths(target) * BigInt(percent);
}

const tenThousandths = (value: number): bigint => BigInt(Math.round(value * 10_000));
