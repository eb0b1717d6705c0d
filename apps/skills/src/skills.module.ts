import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { answers } from './generated/answers.js';
import { ReserveSkillIdWhenSkillPracticed } from './reactions/reserve-skill-id-when-skill-practiced.js';
import { ShowCategoriesWhenUserRegistered } from './reactions/show-categories-when-user-registered.js';
import { DropRecommendationsWhenConsentEnds } from './recommendation/drop-recommendations-when-consent-ends.js';
import { RecommendationController } from './recommendation/recommendation.controller.js';
import { RecommendSkills } from './recommendation/recommend-skills.js';
import { SkillController } from './skill/skill.controller.js';

const http = [RecommendationController, SkillController];

const reactions = [ShowCategoriesWhenUserRegistered, ReserveSkillIdWhenSkillPracticed];

const jobs = [RecommendSkills];

const consentListeners = [DropRecommendationsWhenConsentEnds];

@Module({ controllers: [...http, ...reactions], providers: [...jobs, ...consentListeners] })
export class SkillsModule {}

export const skills: ServiceDefinition = {
  name: 'skills',
  module: SkillsModule,
  answers,
  migrations: new URL('../migrations/', import.meta.url),
  jobs,
  consentListeners,
};
