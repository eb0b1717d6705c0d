import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { AchievementController } from './achievement/achievement.controller.js';
import { answers } from './generated/answers.js';
import { CountChainWhenQuestChainUnlocked } from './reactions/count-chain-when-quest-chain-unlocked.js';
import { CountEntryWhenJournalEntryCreated } from './reactions/count-entry-when-journal-entry-created.js';
import { CountExperienceWhenExperienceAwarded } from './reactions/count-experience-when-experience-awarded.js';
import { CountIntegrationWhenIntegrationConnected } from './reactions/count-integration-when-integration-connected.js';
import { CountMilestoneWhenStatMilestoneReached } from './reactions/count-milestone-when-stat-milestone-reached.js';
import { CountPracticeWhenSkillPracticed } from './reactions/count-practice-when-skill-practiced.js';
import { CountQuestWhenQuestCompleted } from './reactions/count-quest-when-quest-completed.js';
import { JudgeLevelWhenLevelUp } from './reactions/judge-level-when-level-up.js';
import { JudgeMasteryWhenSkillMasteryAchieved } from './reactions/judge-mastery-when-skill-mastery-achieved.js';
import { JudgeSavingsWhenLifeStatUpdated } from './reactions/judge-savings-when-life-stat-updated.js';
import { JudgeSkillWhenSkillLevelUp } from './reactions/judge-skill-when-skill-level-up.js';
import { JudgeStatWhenCoreStatUpdated } from './reactions/judge-stat-when-core-stat-updated.js';
import { JudgeStreakWhenHabitCompleted } from './reactions/judge-streak-when-habit-completed.js';
import { WelcomeWhenUserRegistered } from './reactions/welcome-when-user-registered.js';

const http = [AchievementController];

const reactions = [
  WelcomeWhenUserRegistered,
  CountQuestWhenQuestCompleted,
  CountChainWhenQuestChainUnlocked,
  CountExperienceWhenExperienceAwarded,
  JudgeLevelWhenLevelUp,
  JudgeStatWhenCoreStatUpdated,
  CountMilestoneWhenStatMilestoneReached,
  JudgeSavingsWhenLifeStatUpdated,
  JudgeStreakWhenHabitCompleted,
  CountPracticeWhenSkillPracticed,
  JudgeSkillWhenSkillLevelUp,
  JudgeMasteryWhenSkillMasteryAchieved,
  CountEntryWhenJournalEntryCreated,
  CountIntegrationWhenIntegrationConnected,
];

@Module({ controllers: [...http, ...reactions] })
export class AchievementsModule {}

export const achievements: ServiceDefinition = {
  name: 'achievements',
  module: AchievementsModule,
  answers,
  migrations: new URL('../migrations/', import.meta.url),
};
