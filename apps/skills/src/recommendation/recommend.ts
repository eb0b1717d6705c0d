import { type Category, type Prerequisite, standingAt } from '../skill/skill.js';

/** A skill as far as recommending needs it. */
export interface Candidate {
  readonly skill_id: number;
  readonly name: string;
  readonly category: Category;
  readonly total_experience: number;
  readonly last_practiced: Date | null;
  readonly created_at: Date;
  readonly prerequisites: readonly Prerequisite[];
  readonly missing: readonly Prerequisite[];
}

export interface Recommendation {
  /** Best first, at most five. */
  readonly skills: readonly Pick<Candidate, 'skill_id' | 'name'>[];
  readonly reason: string;
  /** 0.5 … 1. */
  readonly confidence: number;
}

const most = 5;
const stagnantMs = 30 * 86_400_000;

const grounds = {
  stagnant: 'not practised for more than 30 days',
  lowestCategory: 'in the category that is furthest behind',
  nextInTree: 'next in your skill tree',
} as const;
type Ground = keyof typeof grounds;

/**
 * K-8: skills that are stagnant, in the lowest category, or next in the tree; those with more grounds
 * come first, then those longest without practice. Null when none applies.
 */
export function recommend(candidates: readonly Candidate[], now: Date): Recommendation | null {
  const open = candidates.filter(({ missing }) => missing.length === 0);
  const lowest = lowestCategory(open);
  const rated = open
    .map((skill) => ({ skill, found: groundsFor(skill, lowest, now) }))
    .filter(({ found }) => found.length > 0)
    .sort((a, b) => b.found.length - a.found.length || lastTouched(a.skill) - lastTouched(b.skill) || a.skill.skill_id - b.skill.skill_id)
    .slice(0, most);
  if (rated.length === 0) return null;
  const applying = (Object.keys(grounds) as Ground[]).filter((ground) => rated.some(({ found }) => found.includes(ground)));
  return {
    skills: rated.map(({ skill: { skill_id, name } }) => ({ skill_id, name })),
    reason: `These skills are ${applying.map((ground) => grounds[ground]).join(', or ')}.`,
    confidence: Math.max(0.5, applying.length / Object.keys(grounds).length),
  };
}

function groundsFor(skill: Candidate, lowest: Category | null, now: Date): Ground[] {
  const found: Ground[] = [];
  if (now.getTime() - lastTouched(skill) > stagnantMs) found.push('stagnant');
  if (skill.category === lowest) found.push('lowestCategory');
  if (skill.prerequisites.length > 0 && skill.last_practiced === null) found.push('nextInTree');
  return found;
}

const lastTouched = ({ last_practiced, created_at }: Candidate): number => (last_practiced ?? created_at).getTime();

/** The category with the lowest mean level; null while there is nothing to compare. */
function lowestCategory(skills: readonly Candidate[]): Category | null {
  const levels = new Map<Category, number[]>();
  for (const { category, total_experience } of skills) levels.set(category, [...(levels.get(category) ?? []), standingAt(total_experience).level]);
  const means = [...levels].map(([category, all]) => ({ category, mean: all.reduce((sum, level) => sum + level, 0) / all.length })).sort((a, b) => a.mean - b.mean);
  const [first, second] = means;
  return first && second && first.mean < second.mean ? first.category : null;
}
