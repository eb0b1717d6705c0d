import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { CoreStatsController } from './core-stats/core-stats.controller.js';
import { BookExperienceWhenHabitCompleted } from './reactions/book-experience-when-habit-completed.js';
import { BookExperienceWhenQuestCompleted } from './reactions/book-experience-when-quest-completed.js';
import { BookExperienceWhenSkillPracticed } from './reactions/book-experience-when-skill-practiced.js';
import { GiveCoreStatsWhenUserRegistered } from './reactions/give-core-stats-when-user-registered.js';
import { MirrorExperienceWhenExperienceAwarded } from './reactions/mirror-experience-when-experience-awarded.js';

const http = [CoreStatsController];

const reactions = [
  GiveCoreStatsWhenUserRegistered,
  MirrorExperienceWhenExperienceAwarded,
  BookExperienceWhenQuestCompleted,
  BookExperienceWhenHabitCompleted,
  BookExperienceWhenSkillPracticed,
];

@Module({ controllers: [...http, ...reactions] })
export class StatsModule {}

export const stats: ServiceDefinition = {
  name: 'stats',
  module: StatsModule,
  migrations: new URL('../migrations/', import.meta.url),
};
