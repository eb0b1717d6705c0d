import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { dashboardEnvironment, dashboardSecrets } from './config.js';
import { HomeController } from './home/home.controller.js';
import { LoginController } from './login/login.controller.js';
import { tokenSigner } from './login/token-signer.js';
import { NotificationsController } from './notices/notifications.controller.js';
import { BookExperienceWhenAchievementUnlocked } from './reactions/book-experience-when-achievement-unlocked.js';
import { BookExperienceWhenHabitCompleted } from './reactions/book-experience-when-habit-completed.js';
import { BookExperienceWhenHabitStreakAchieved } from './reactions/book-experience-when-habit-streak-achieved.js';
import { BookExperienceWhenQuestCompleted } from './reactions/book-experience-when-quest-completed.js';
import { BookExperienceWhenSkillPracticed } from './reactions/book-experience-when-skill-practiced.js';
import { NotifyWhenAchievementUnlocked } from './reactions/notify-when-achievement-unlocked.js';
import { NotifyWhenBadgeEarned } from './reactions/notify-when-badge-earned.js';
import { NotifyWhenLevelUp } from './reactions/notify-when-level-up.js';
import { NotifyWhenStatMilestoneReached } from './reactions/notify-when-stat-milestone-reached.js';
import { NotifyWhenTitleUnlocked } from './reactions/notify-when-title-unlocked.js';
import { ReserveUserIdWhenUserRegistered } from './reactions/reserve-user-id-when-user-registered.js';
import { ActiveQuests } from './read-models/active-quests.js';
import { CoreStatsSnapshot } from './read-models/core-stats.js';
import { LatestAchievements } from './read-models/latest-achievements.js';
import { ProgressBars } from './read-models/progress-bars.js';
import { Prompts } from './read-models/prompts.js';
import { UsersController } from './user/users.controller.js';

const http = [UsersController, LoginController, HomeController, NotificationsController];

const reactions = [
  BookExperienceWhenQuestCompleted,
  BookExperienceWhenHabitCompleted,
  BookExperienceWhenHabitStreakAchieved,
  BookExperienceWhenSkillPracticed,
  BookExperienceWhenAchievementUnlocked,
  NotifyWhenLevelUp,
  NotifyWhenAchievementUnlocked,
  NotifyWhenTitleUnlocked,
  NotifyWhenBadgeEarned,
  NotifyWhenStatMilestoneReached,
  ReserveUserIdWhenUserRegistered,
];

const readModels = [ActiveQuests, CoreStatsSnapshot, LatestAchievements, ProgressBars, Prompts];

@Module({ controllers: [...http, ...reactions, ...readModels], providers: [tokenSigner] })
export class DashboardModule {}

export const dashboard: ServiceDefinition = {
  name: 'dashboard',
  module: DashboardModule,
  migrations: new URL('../migrations/', import.meta.url),
  config: dashboardEnvironment,
  secrets: dashboardSecrets,
};
