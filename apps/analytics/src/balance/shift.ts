import { type Area, areas, distance, type Scores } from './balance.js';

export type ShiftType = 'decline' | 'improvement' | 'imbalance';
export type Severity = 'low' | 'moderate' | 'high';

/** A move of the balance that is worth telling. */
export interface Shift {
  readonly type: ShiftType;
  /** The first one is the area that it is about. */
  readonly areas: readonly Area[];
  readonly severity: Severity;
}

const leastSpread = 0.4;

/**
 * AN-3: areas that moved against the scores 7 days ago, then an imbalance between the lowest and the
 * highest area. Without scores 7 days ago nothing has declined or improved.
 */
export function shiftsOf(now: Scores, weekAgo: Scores | null): Shift[] {
  return [...(weekAgo ? areas.flatMap((area) => moveOf(area, distance(weekAgo[area], now[area]))) : []), ...imbalanceOf(now)];
}

function moveOf(area: Area, by: number): Shift[] {
  const severity = severityOf(Math.abs(by));
  return severity ? [{ type: by < 0 ? 'decline' : 'improvement', areas: [area], severity }] : [];
}

function severityOf(move: number): Severity | null {
  if (move >= 0.35) return 'high';
  if (move >= 0.2) return 'moderate';
  return move >= 0.1 ? 'low' : null;
}

function imbalanceOf(now: Scores): Shift[] {
  const byScore = areas.toSorted((one, other) => now[one] - now[other]);
  const [lowest, highest] = [byScore[0], byScore.at(-1)];
  if (!lowest || !highest || distance(now[lowest], now[highest]) < leastSpread) return [];
  return [{ type: 'imbalance', areas: [lowest, highest], severity: 'moderate' }];
}

/** How a shift of an area is remembered. */
export const toldAs = (type: string, area: string): string => `${type} ${area}`;

/**
 * Once for each area and type in 7 days (AN-3): what was told of the area that a shift is about drops
 * it; an area that is named beside it is only left out.
 */
export function dueShifts(shifts: readonly Shift[], told: ReadonlySet<string>): Shift[] {
  return shifts.flatMap((shift) => {
    const [about, ...others] = shift.areas;
    if (!about || told.has(toldAs(shift.type, about))) return [];
    return [{ ...shift, areas: [about, ...others.filter((area) => !told.has(toldAs(shift.type, area)))] }];
  });
}

const smallSteps: Readonly<Record<Area, string>> = {
  health: 'Take a short walk or go to bed a little earlier today.',
  wealth: 'Take ten minutes to look at one open matter of work or money.',
  relationships: 'Write or call one person who is good for you.',
};

/** AN-5: something small that helps; after an improvement nothing is asked for. */
export function actionsFor({ type, areas: [about] }: Shift): string[] {
  return type === 'improvement' || !about ? [] : [smallSteps[about]];
}
