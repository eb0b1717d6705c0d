import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { BalanceController } from './balance/balance.controller.js';
import { AnalyzeEngagement } from './engagement/analyze-engagement.js';
import { PredictionsController } from './forecast/predictions.controller.js';
import { answers } from './generated/answers.js';
import { DropDerivedWhenConsentEnds } from './privacy/drop-derived-when-consent-ends.js';
import { AdviseWhenInsightGenerated } from './reactions/advise-when-insight-generated.js';
import { AdviseWhenTrendDetected } from './reactions/advise-when-trend-detected.js';
import { CountActivityWhenAnythingHappened } from './reactions/count-activity-when-anything-happened.js';
import { CountHabitWhenHabitCompleted } from './reactions/count-habit-when-habit-completed.js';
import { CountQuestWhenQuestCompleted } from './reactions/count-quest-when-quest-completed.js';
import { CountQuestWhenQuestCreated } from './reactions/count-quest-when-quest-created.js';
import { EvaluateBalanceWhenLifeStatUpdated } from './reactions/evaluate-balance-when-life-stat-updated.js';
import { EvaluateBalanceWhenPatternDetected } from './reactions/evaluate-balance-when-pattern-detected.js';
import { KeepHabitWhenHabitChanged } from './reactions/keep-habit-when-habit-changed.js';
import { KeepHabitWhenHabitCreated } from './reactions/keep-habit-when-habit-created.js';
import { KeepSeriesWhenCoreStatUpdated } from './reactions/keep-series-when-core-stat-updated.js';
import { KeepSeriesWhenExternalDataReceived } from './reactions/keep-series-when-external-data-received.js';
import { KeepSeriesWhenJournalEntryCreated } from './reactions/keep-series-when-journal-entry-created.js';
import { OpenProfileWhenUserRegistered } from './reactions/open-profile-when-user-registered.js';
import { RestoreBalanceWhenBalanceScoreCalculated } from './reactions/restore-balance-when-balance-score-calculated.js';
import { RestoreEngagementWhenUserEngagementAnalyzed } from './reactions/restore-engagement-when-user-engagement-analyzed.js';
import { RestorePredictionWhenPredictionGenerated } from './reactions/restore-prediction-when-prediction-generated.js';
import { RestoreRecommendationWhenRecommendationCreated } from './reactions/restore-recommendation-when-recommendation-created.js';
import { RestoreShiftWhenBalanceShiftDetected } from './reactions/restore-shift-when-balance-shift-detected.js';
import { ActivityController } from './read-models/activity.controller.js';
import { TrendsController } from './read-models/trends.controller.js';

const http = [ActivityController, BalanceController, PredictionsController, TrendsController];

const reactions = [
  AdviseWhenInsightGenerated,
  AdviseWhenTrendDetected,
  CountActivityWhenAnythingHappened,
  CountHabitWhenHabitCompleted,
  CountQuestWhenQuestCompleted,
  CountQuestWhenQuestCreated,
  EvaluateBalanceWhenLifeStatUpdated,
  EvaluateBalanceWhenPatternDetected,
  KeepHabitWhenHabitChanged,
  KeepHabitWhenHabitCreated,
  KeepSeriesWhenCoreStatUpdated,
  KeepSeriesWhenExternalDataReceived,
  KeepSeriesWhenJournalEntryCreated,
  OpenProfileWhenUserRegistered,
  RestoreBalanceWhenBalanceScoreCalculated,
  RestoreEngagementWhenUserEngagementAnalyzed,
  RestorePredictionWhenPredictionGenerated,
  RestoreRecommendationWhenRecommendationCreated,
  RestoreShiftWhenBalanceShiftDetected,
];

const jobs = [AnalyzeEngagement];

const consentListeners = [DropDerivedWhenConsentEnds];

@Module({ controllers: [...http, ...reactions], providers: [...jobs, ...consentListeners] })
export class AnalyticsModule {}

export const analytics: ServiceDefinition = {
  name: 'analytics',
  module: AnalyticsModule,
  answers,
  migrations: new URL('../migrations/', import.meta.url),
  jobs,
  consentListeners,
};
