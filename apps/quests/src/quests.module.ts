import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { answers } from './generated/answers.js';
import { QuestDetailsRecorded } from './generated/index.js';
import { BreakMissedStreaks } from './habit/break-missed-streaks.js';
import { HabitController } from './habit/habit.controller.js';
import { FailOverdueQuests } from './quest/fail-overdue-quests.js';
import { QuestController } from './quest/quest.controller.js';
import { QuestFlow } from './quest/quest-flow.js';
import { QuestStream } from './quest/quest-stream.js';
import { questsEnvironment } from './quest/tier.js';
import { CompleteQuestWhenAutoCompletionTriggered } from './reactions/complete-quest-when-auto-completion-triggered.js';
import { DraftQuestWhenRecommendationCreated } from './reactions/draft-quest-when-recommendation-created.js';
import { RememberTimeZoneWhenUserProfileUpdated } from './reactions/remember-time-zone-when-user-profile-updated.js';
import { RememberTimeZoneWhenUserRegistered } from './reactions/remember-time-zone-when-user-registered.js';
import { ReserveHabitIdWhenHabitCreated } from './reactions/reserve-habit-id-when-habit-created.js';
import { ReserveQuestIdWhenQuestCreated } from './reactions/reserve-quest-id-when-quest-created.js';

const http = [QuestController, HabitController];

const reactions = [
  ReserveQuestIdWhenQuestCreated,
  ReserveHabitIdWhenHabitCreated,
  RememberTimeZoneWhenUserRegistered,
  RememberTimeZoneWhenUserProfileUpdated,
  CompleteQuestWhenAutoCompletionTriggered,
  DraftQuestWhenRecommendationCreated,
];

const jobs = [BreakMissedStreaks, FailOverdueQuests];

@Module({ controllers: [...http, ...reactions], providers: [QuestStream, QuestFlow, ...jobs] })
export class QuestsModule {}

export const quests: ServiceDefinition = {
  name: 'quests',
  module: QuestsModule,
  answers,
  migrations: new URL('../migrations/', import.meta.url),
  privateEventTypes: [QuestDetailsRecorded],
  config: questsEnvironment,
  jobs,
};
