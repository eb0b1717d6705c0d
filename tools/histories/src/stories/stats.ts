import { CoreStatUpdated, LifeStatUpdated, StatMilestoneReached, TrendDetected } from '@lifeos/contracts';
import { inTime, moments, oneOf, told, whole, type Draw, type Happening } from './telling.js';

/** Stats that go up and down, each from where it stood, with the milestones on the way. */
export function statsStory(draw: Draw): Happening[] {
  const stat_name = oneOf(draw, 'strength', 'wisdom', 'charisma');
  const [category, subcategory] = oneOf(draw, ['health', 'physical'] as const, ['relationships', 'family'] as const, ['wealth', 'work_company'] as const);
  const trends = moments(draw, whole(draw, 1, 2)).map((at) =>
    told(at, TrendDetected, { stat_name: oneOf(draw, stat_name, 'health.physical'), trend_type: oneOf(draw, 'increasing', 'decreasing'), confidence_score: oneOf(draw, 0.65, 0.7, 0.71, 0.93), duration_days: oneOf(draw, 7, 30) }));
  return inTime(coreStat(draw, stat_name), lifeStat(draw, category, subcategory), lifeStat(draw, 'wealth', 'finance_savings_investments'), trends);
}

function coreStat(draw: Draw, stat_name: 'strength' | 'wisdom' | 'charisma'): Happening[] {
  let value = 10;
  const reached = new Set<number>();
  return moments(draw, whole(draw, 2, 3)).flatMap((at) => {
    const previous_value = value;
    value = Math.min(100, value + whole(draw, 1, 24));
    if (value === previous_value) return [];
    const passed = [20, 40, 60, 80, 100].filter((milestone) => previous_value < milestone && value >= milestone && !reached.has(milestone));
    passed.forEach((milestone) => reached.add(milestone));
    return [
      told(at, CoreStatUpdated, { stat_name, previous_value, new_value: value, source: oneOf(draw, 'manual', 'quest', 'habit') }),
      ...passed.map((milestone_value) => told(at, StatMilestoneReached, { stat_type: 'core', stat_name, milestone_value, milestone_type: 'level' })),
    ];
  });
}

type LifeStat = Parameters<typeof told<object, Parameters<typeof LifeStatUpdated.build>[0]>>[2];

function lifeStat(draw: Draw, category: LifeStat['category'], subcategory: LifeStat['subcategory']): Happening[] {
  let value = 0;
  const target = oneOf(draw, null, 40, 100);
  return moments(draw, whole(draw, 2, 3)).map((at) => {
    const previous_value = value;
    value = whole(draw, 0, 120);
    return told(at, LifeStatUpdated, { category, subcategory, previous_value, new_value: value, unit: 'points', source: oneOf(draw, 'manual', 'integration'), target });
  });
}
