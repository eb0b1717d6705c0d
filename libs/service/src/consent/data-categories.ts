import type { AnyEventType } from '@lifeos/contracts';

/** What kind of personal data an event tells (V-2). */
export const dataCategories = ['basic_profile', 'behavioral', 'health', 'financial', 'social', 'location', 'biometric', 'sensitive'] as const;
export type DataCategory = (typeof dataCategories)[number];

/** By event name. What a connected application sends may be any measurement of body, place or money. */
const ofEvents: Readonly<Record<string, readonly DataCategory[]>> = {
  SkillRecommendationGenerated: ['behavioral'],
  InsightGenerated: ['behavioral', 'sensitive'],
  PatternDetected: ['behavioral', 'sensitive'],
  PredictionGenerated: ['behavioral'],
  RecommendationCreated: ['behavioral'],
  TrendDetected: ['behavioral'],
  BalanceScoreCalculated: ['behavioral'],
  BalanceShiftDetected: ['behavioral'],
  UserEngagementAnalyzed: ['behavioral'],
  ExternalDataReceived: ['behavioral', 'health', 'biometric', 'location', 'financial', 'social'],
  DataSyncCompleted: ['behavioral'],
  DataSyncFailed: ['behavioral'],
  AutoCompletionTriggered: ['behavioral', 'health'],
};

/** Of an event that nobody has sorted yet the worst is assumed. */
export function dataCategoriesOf({ name }: Pick<AnyEventType, 'name'>): readonly DataCategory[] {
  return (Object.hasOwn(ofEvents, name) ? ofEvents[name] : undefined) ?? ['sensitive'];
}

export const isSorted = (name: string): boolean => Object.hasOwn(ofEvents, name);
