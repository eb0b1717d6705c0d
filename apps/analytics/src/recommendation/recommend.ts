import type { Scores } from '../balance/balance.js';

/** What speaks for one recommendation or another. */
export interface Grounds {
  readonly scores: Scores;
  /** 0 … 1; null when there is nothing to complete. */
  readonly productivity: number | null;
  /** The series that led here, as events name it. */
  readonly series: string;
}

export type Priority = 'low' | 'medium' | 'high';

export interface Recommendation {
  readonly type: 'health' | 'productivity' | 'balance' | 'habit';
  readonly action: string;
  readonly priority: Priority;
  readonly expected_impact: string;
}

const enoughWellbeing = 0.6;
const enoughProductivity = 0.7;

/**
 * AN-4: what helps most, wellbeing before engagement (AN-5); when nothing is low, a habit around the
 * series that led here (AN-6). The same grounds give the same words, by which a repetition is known.
 */
export function recommend({ scores, productivity, series }: Grounds): Recommendation {
  if (scores.health < enoughWellbeing) {
    return {
      type: 'health',
      action: 'Pick one small thing for your health this week, such as a short daily walk or a fixed bedtime.',
      priority: priorityAt(scores.health),
      expected_impact: 'More energy for everything else',
    };
  }
  if (productivity !== null && productivity < enoughProductivity) {
    return {
      type: 'productivity',
      action: 'Choose one quest or habit that matters most to you this week, and let the others rest.',
      priority: priorityAt(productivity),
      expected_impact: 'Fewer open ends and calmer days',
    };
  }
  const low = scores.wealth <= scores.relationships ? 'wealth' : 'relationships';
  if (scores[low] < enoughWellbeing) {
    return { type: 'balance', action: balancing[low], priority: priorityAt(scores[low]), expected_impact: 'A better balance between the areas of your life' };
  }
  return {
    type: 'habit',
    action: `Keep what works for you: a small habit that you enjoy, around ${wordsFor(series)}.`,
    priority: 'low',
    expected_impact: 'Steady progress without pressure',
  };
}

const balancing = {
  wealth: 'Set aside half an hour this week for one open matter of work or money.',
  relationships: 'Plan one unhurried hour this week with somebody who is good for you.',
} as const;

function priorityAt(score: number): Priority {
  if (score < 0.4) return 'high';
  return score < 0.6 ? 'medium' : 'low';
}

/** `health.mental_emotional` for people: "mental emotional". */
export const wordsFor = (series: string): string => (series.split('.').at(-1) ?? series).replaceAll('_', ' ');

/** After this a recommendation is no longer shown, and may be made again (AN-5). */
export const validForMs = 7 * 86_400_000;

/** Whether a recommendation of `at` may stand beside one of the same words: never two within 7 days, whichever was heard of first. */
export const mayRepeat = (told: Date, at: Date): boolean => Math.abs(at.getTime() - told.getTime()) >= validForMs;
