import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { ForgetFindingsWhenConsentEnds } from './consent/forget-findings-when-consent-ends.js';
import { EntryController } from './entry/entry.controller.js';
import { journalEnvironment } from './entry/tier.js';
import { answers } from './generated/answers.js';
import { InsightController } from './insight/insight.controller.js';
import { DetectPatterns } from './pattern/detect-patterns.js';
import { PromptController } from './prompt/prompt.controller.js';
import { AddToSeriesWhenCoreStatUpdated } from './reactions/add-to-series-when-core-stat-updated.js';
import { AddToSeriesWhenExternalDataReceived } from './reactions/add-to-series-when-external-data-received.js';
import { AddToSeriesWhenHabitCompleted } from './reactions/add-to-series-when-habit-completed.js';
import { AddToSeriesWhenLifeStatUpdated } from './reactions/add-to-series-when-life-stat-updated.js';
import { AddToSeriesWhenQuestCompleted } from './reactions/add-to-series-when-quest-completed.js';
import { AddToSeriesWhenTrendDetected } from './reactions/add-to-series-when-trend-detected.js';
import { GiveInsightWhenBalanceShiftDetected } from './reactions/give-insight-when-balance-shift-detected.js';
import { GiveInsightWhenTrendDetected } from './reactions/give-insight-when-trend-detected.js';
import { RememberTimeZoneWhenUserProfileUpdated } from './reactions/remember-time-zone-when-user-profile-updated.js';
import { RememberTitleWhenQuestTold } from './reactions/remember-title-when-quest-told.js';
import { RestoreEntryWhenJournalEntryTold } from './reactions/restore-entry-when-journal-entry-told.js';
import { RestoreInsightWhenInsightGenerated } from './reactions/restore-insight-when-insight-generated.js';
import { RestorePatternWhenPatternDetected } from './reactions/restore-pattern-when-pattern-detected.js';
import { RestorePromptWhenReflectionPromptSuggested } from './reactions/restore-prompt-when-reflection-prompt-suggested.js';
import { SuggestPromptWhenAchievementUnlocked } from './reactions/suggest-prompt-when-achievement-unlocked.js';
import { SuggestPromptWhenHabitStreakAchieved } from './reactions/suggest-prompt-when-habit-streak-achieved.js';
import { SuggestPromptWhenHabitStreakBroken } from './reactions/suggest-prompt-when-habit-streak-broken.js';
import { SuggestPromptWhenLevelUp } from './reactions/suggest-prompt-when-level-up.js';
import { SuggestPromptWhenMoodIsLow } from './reactions/suggest-prompt-when-mood-is-low.js';
import { SuggestPromptWhenQuestCompleted } from './reactions/suggest-prompt-when-quest-completed.js';
import { SuggestPromptWhenQuestFailed } from './reactions/suggest-prompt-when-quest-failed.js';
import { SuggestPromptWhenSkillMasteryAchieved } from './reactions/suggest-prompt-when-skill-mastery-achieved.js';
import { SuggestPromptWhenStatMilestoneReached } from './reactions/suggest-prompt-when-stat-milestone-reached.js';
import { WelcomeWhenUserRegistered } from './reactions/welcome-when-user-registered.js';

const http = [EntryController, InsightController, PromptController];

const ownEvents = [
  RestoreEntryWhenJournalEntryTold,
  RestorePromptWhenReflectionPromptSuggested,
  RestorePatternWhenPatternDetected,
  RestoreInsightWhenInsightGenerated,
];

const prompts = [
  WelcomeWhenUserRegistered,
  SuggestPromptWhenMoodIsLow,
  SuggestPromptWhenLevelUp,
  SuggestPromptWhenStatMilestoneReached,
  SuggestPromptWhenSkillMasteryAchieved,
  SuggestPromptWhenAchievementUnlocked,
  SuggestPromptWhenHabitStreakAchieved,
  SuggestPromptWhenHabitStreakBroken,
  SuggestPromptWhenQuestCompleted,
  SuggestPromptWhenQuestFailed,
];

const knowledge = [
  RememberTimeZoneWhenUserProfileUpdated,
  RememberTitleWhenQuestTold,
  AddToSeriesWhenCoreStatUpdated,
  AddToSeriesWhenLifeStatUpdated,
  AddToSeriesWhenTrendDetected,
  AddToSeriesWhenQuestCompleted,
  AddToSeriesWhenHabitCompleted,
  AddToSeriesWhenExternalDataReceived,
];

const insights = [GiveInsightWhenTrendDetected, GiveInsightWhenBalanceShiftDetected];

const jobs = [DetectPatterns];
const consentListeners = [ForgetFindingsWhenConsentEnds];

@Module({ controllers: [...http, ...ownEvents, ...prompts, ...knowledge, ...insights], providers: [...jobs, ...consentListeners] })
export class JournalModule {}

export const journal: ServiceDefinition = {
  name: 'journal',
  module: JournalModule,
  answers,
  migrations: new URL('../migrations/', import.meta.url),
  config: journalEnvironment,
  jobs,
  consentListeners,
};
