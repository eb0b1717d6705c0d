import { describe, expect, it } from '@jest/globals';
import { allEventTypes, allRecordTypes, ConsentState, eventTypeByRecordName, QuestCreated } from './index.js';

const names = (types: typeof allEventTypes): string[] => types.map((type) => type.name).sort();

describe('the catalog', () => {
  it('has the 39 events and the seven supplementary ones, by their owners', () => {
    const count = Object.fromEntries([...new Set(allEventTypes.map((type) => type.context))].map((context) => [context, allEventTypes.filter((type) => type.context === context).length]));
    expect(count).toEqual({ achievements: 4, analytics: 5, dashboard: 5, integrations: 6, journal: 6, privacy: 1, quests: 11, skills: 4, stats: 4 });
  });

  it('names records, topics and versions in one way', () => {
    for (const type of allEventTypes) {
      expect(type.recordName).toBe(`lifeos.${type.context}.v1.${type.name}`);
      expect(type.topic).toBe(`lifeos.${type.context}.events`);
      expect([...type.schemas.keys()].at(-1)).toBe(type.version);
      expect(eventTypeByRecordName(type.recordName)).toBe(type);
    }
    expect(eventTypeByRecordName('lifeos.quests.v9.QuestCreated')).toBeUndefined();
  });

  it('publishes the planned minors as the newest versions', () => {
    expect(names(allEventTypes.filter((type) => type.version === '1.1.0'))).toEqual([
      'AchievementProgressUpdated', 'ExternalDataReceived', 'HabitCompleted', 'HabitStreakAchieved', 'HabitStreakBroken', 'InsightGenerated', 'LifeStatUpdated',
      'PatternDetected', 'QuestCreated', 'SkillLevelUp', 'SkillMasteryAchieved', 'SkillPracticed', 'SkillRecommendationGenerated', 'UserRegistered',
    ]);
    expect([...QuestCreated.schemas.keys()]).toEqual(['1.0.0', '1.1.0']);
  });

  it.each([
    ['ai_insights', ['InsightGenerated', 'PatternDetected', 'PredictionGenerated', 'RecommendationCreated', 'SkillRecommendationGenerated']],
    ['analytics', ['BalanceScoreCalculated', 'BalanceShiftDetected', 'TrendDetected', 'UserEngagementAnalyzed']],
    ['external_integrations', ['AutoCompletionTriggered', 'DataSyncCompleted', 'DataSyncFailed', 'ExternalDataReceived']],
  ])('V-4: needs consent for %s', (purpose, expected) => {
    expect(names(allEventTypes.filter((type) => type.purpose === purpose))).toEqual(expected);
  });

  it('V-8: publishes the state of consent, which is no domain event, on its own topic', () => {
    expect(ConsentState.topic).toBe('lifeos.privacy.consents');
    expect(allRecordTypes.filter((type) => !allEventTypes.includes(type))).toEqual([ConsentState]);
    expect(allRecordTypes.filter((type) => !type.isDomainEvent)).toEqual([ConsentState]);
  });
});
