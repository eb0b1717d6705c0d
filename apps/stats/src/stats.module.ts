import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { CoreStatsController } from './core-stats/core-stats.controller.js';
import { answers } from './generated/answers.js';
import { LifeStatsController } from './life-stats/life-stats.controller.js';
import { BookExperienceWhenHabitCompleted } from './reactions/book-experience-when-habit-completed.js';
import { BookExperienceWhenQuestCompleted } from './reactions/book-experience-when-quest-completed.js';
import { BookExperienceWhenSkillPracticed } from './reactions/book-experience-when-skill-practiced.js';
import { GiveCoreStatsWhenUserRegistered } from './reactions/give-core-stats-when-user-registered.js';
import { MirrorExperienceWhenExperienceAwarded } from './reactions/mirror-experience-when-experience-awarded.js';
import { RecordLevelWhenLevelUp } from './reactions/record-level-when-level-up.js';
import { RecordSkillLevelWhenSkillLevelUp } from './reactions/record-skill-level-when-skill-level-up.js';
import { RememberTimeZoneWhenUserProfileUpdated } from './reactions/remember-time-zone-when-user-profile-updated.js';
import { RememberTimeZoneWhenUserRegistered } from './reactions/remember-time-zone-when-user-registered.js';
import { RestorePersonWhenOwnEventReturns } from './reactions/restore-person-when-own-event-returns.js';
import { TakeInDataWhenExternalDataReceived } from './reactions/take-in-data-when-external-data-received.js';
import { DetectTrends } from './trends/detect-trends.js';
import { DropTrendsWhenConsentEnds } from './trends/drop-trends-when-consent-ends.js';
import { TrendsController } from './trends/trends.controller.js';

const http = [CoreStatsController, LifeStatsController, TrendsController];

const reactions = [
  RestorePersonWhenOwnEventReturns,
  GiveCoreStatsWhenUserRegistered,
  RememberTimeZoneWhenUserRegistered,
  RememberTimeZoneWhenUserProfileUpdated,
  MirrorExperienceWhenExperienceAwarded,
  BookExperienceWhenQuestCompleted,
  BookExperienceWhenHabitCompleted,
  BookExperienceWhenSkillPracticed,
  TakeInDataWhenExternalDataReceived,
  RecordLevelWhenLevelUp,
  RecordSkillLevelWhenSkillLevelUp,
];

const jobs = [DetectTrends];

const consentListeners = [DropTrendsWhenConsentEnds];

@Module({ controllers: [...http, ...reactions], providers: [...jobs, ...consentListeners] })
export class StatsModule {}

export const stats: ServiceDefinition = {
  name: 'stats',
  module: StatsModule,
  answers,
  migrations: new URL('../migrations/', import.meta.url),
  jobs,
  consentListeners,
};
