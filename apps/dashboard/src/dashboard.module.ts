import { ConsentState } from '@lifeos/contracts';
import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { dashboardEnvironment, dashboardSecrets } from './config.js';
import { ConsentController } from './consent/consent.controller.js';
import { ExpireConsents } from './consent/expire-consents.js';
import { RestoreConsentWhenConsentState } from './consent/restore-consent-when-consent-state.js';
import { DropDerivedWhenConsentEnds } from './consented/drop-derived-when-consent-ends.js';
import { answers } from './generated/answers.js';
import { HomeController } from './home/home.controller.js';
import { LoginController } from './login/login.controller.js';
import { LoginGuard } from './login/login-guard.js';
import { PasswordController } from './login/password.controller.js';
import { TokenController } from './login/token.controller.js';
import { TokenIssuer } from './login/token-issuer.js';
import { tokenSigner } from './login/token-signer.js';
import { NotificationsController } from './notices/notifications.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { BookExperienceWhenAchievementUnlocked } from './reactions/book-experience-when-achievement-unlocked.js';
import { BookExperienceWhenHabitCompleted } from './reactions/book-experience-when-habit-completed.js';
import { BookExperienceWhenHabitStreakAchieved } from './reactions/book-experience-when-habit-streak-achieved.js';
import { BookExperienceWhenQuestCompleted } from './reactions/book-experience-when-quest-completed.js';
import { BookExperienceWhenSkillPracticed } from './reactions/book-experience-when-skill-practiced.js';
import { NotifyWhenAchievementUnlocked } from './reactions/notify-when-achievement-unlocked.js';
import { NotifyWhenBadgeEarned } from './reactions/notify-when-badge-earned.js';
import { NotifyWhenBalanceShiftDetected } from './reactions/notify-when-balance-shift-detected.js';
import { NotifyWhenDataSyncFailed } from './reactions/notify-when-data-sync-failed.js';
import { NotifyWhenExternalDataReceived } from './reactions/notify-when-external-data-received.js';
import { NotifyWhenHabitStreakAchieved } from './reactions/notify-when-habit-streak-achieved.js';
import { NotifyWhenHabitStreakBroken } from './reactions/notify-when-habit-streak-broken.js';
import { NotifyWhenInsightGenerated } from './reactions/notify-when-insight-generated.js';
import { NotifyWhenLevelUp } from './reactions/notify-when-level-up.js';
import { NotifyWhenPatternDetected } from './reactions/notify-when-pattern-detected.js';
import { NotifyWhenQuestChainUnlocked } from './reactions/notify-when-quest-chain-unlocked.js';
import { NotifyWhenRecommendationCreated } from './reactions/notify-when-recommendation-created.js';
import { NotifyWhenSkillLevelUp } from './reactions/notify-when-skill-level-up.js';
import { NotifyWhenSkillMasteryAchieved } from './reactions/notify-when-skill-mastery-achieved.js';
import { NotifyWhenStatMilestoneReached } from './reactions/notify-when-stat-milestone-reached.js';
import { NotifyWhenTitleUnlocked } from './reactions/notify-when-title-unlocked.js';
import { NotifyWhenTrendDetected } from './reactions/notify-when-trend-detected.js';
import { NotifyWhenUserEngagementAnalyzed } from './reactions/notify-when-user-engagement-analyzed.js';
import { ReserveUserIdWhenUserRegistered } from './reactions/reserve-user-id-when-user-registered.js';
import { RestoreProfileWhenRebuilt } from './reactions/restore-profile-when-rebuilt.js';
import { ActiveQuests } from './read-models/active-quests.js';
import { CoreStatsSnapshot } from './read-models/core-stats.js';
import { Derived } from './read-models/derived.js';
import { Habits } from './read-models/habits.js';
import { Honours } from './read-models/honours.js';
import { Integrations } from './read-models/integrations.js';
import { JournalEntries } from './read-models/journal-entries.js';
import { LatestAchievements } from './read-models/latest-achievements.js';
import { LifeStats } from './read-models/life-stats.js';
import { ProgressBars } from './read-models/progress-bars.js';
import { Prompts } from './read-models/prompts.js';
import { UsersController } from './user/users.controller.js';

const http = [ConsentController, UsersController, LoginController, PasswordController, TokenController, HomeController, OverviewController, NotificationsController];

const reactions = [
  BookExperienceWhenQuestCompleted,
  BookExperienceWhenHabitCompleted,
  BookExperienceWhenHabitStreakAchieved,
  BookExperienceWhenSkillPracticed,
  BookExperienceWhenAchievementUnlocked,
  NotifyWhenAchievementUnlocked,
  NotifyWhenBadgeEarned,
  NotifyWhenBalanceShiftDetected,
  NotifyWhenDataSyncFailed,
  NotifyWhenExternalDataReceived,
  NotifyWhenHabitStreakAchieved,
  NotifyWhenHabitStreakBroken,
  NotifyWhenInsightGenerated,
  NotifyWhenLevelUp,
  NotifyWhenPatternDetected,
  NotifyWhenQuestChainUnlocked,
  NotifyWhenRecommendationCreated,
  NotifyWhenSkillLevelUp,
  NotifyWhenSkillMasteryAchieved,
  NotifyWhenStatMilestoneReached,
  NotifyWhenTitleUnlocked,
  NotifyWhenTrendDetected,
  NotifyWhenUserEngagementAnalyzed,
  ReserveUserIdWhenUserRegistered,
  RestoreConsentWhenConsentState,
  RestoreProfileWhenRebuilt,
];

const jobs = [ExpireConsents];

const readModels = [ActiveQuests, CoreStatsSnapshot, Derived, Habits, Honours, Integrations, JournalEntries, LatestAchievements, LifeStats, ProgressBars, Prompts];

@Module({ controllers: [...http, ...reactions, ...readModels], providers: [...jobs, tokenSigner, TokenIssuer, LoginGuard, DropDerivedWhenConsentEnds] })
export class DashboardModule {}

export const dashboard: ServiceDefinition = {
  name: 'dashboard',
  module: DashboardModule,
  answers,
  migrations: new URL('../migrations/', import.meta.url),
  config: dashboardEnvironment,
  secrets: dashboardSecrets,
  jobs,
  alsoPublishes: [ConsentState],
  consentListeners: [DropDerivedWhenConsentEnds],
};
