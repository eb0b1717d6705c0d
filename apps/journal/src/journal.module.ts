import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { PromptController } from './prompt/prompt.controller.js';
import { RememberTimeZoneWhenUserProfileUpdated } from './reactions/remember-time-zone-when-user-profile-updated.js';
import { ReservePromptIdWhenReflectionPromptSuggested } from './reactions/reserve-prompt-id-when-reflection-prompt-suggested.js';
import { SuggestPromptWhenAchievementUnlocked } from './reactions/suggest-prompt-when-achievement-unlocked.js';
import { SuggestPromptWhenLevelUp } from './reactions/suggest-prompt-when-level-up.js';
import { SuggestPromptWhenQuestCompleted } from './reactions/suggest-prompt-when-quest-completed.js';
import { WelcomeWhenUserRegistered } from './reactions/welcome-when-user-registered.js';

const http = [PromptController];

const reactions = [
  WelcomeWhenUserRegistered,
  RememberTimeZoneWhenUserProfileUpdated,
  SuggestPromptWhenLevelUp,
  SuggestPromptWhenAchievementUnlocked,
  SuggestPromptWhenQuestCompleted,
  ReservePromptIdWhenReflectionPromptSuggested,
];

@Module({ controllers: [...http, ...reactions] })
export class JournalModule {}

export const journal: ServiceDefinition = {
  name: 'journal',
  module: JournalModule,
  migrations: new URL('../migrations/', import.meta.url),
};
