import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { QuestDetailsRecorded } from './generated/index.js';
import { BreakMissedStreaks } from './habit/break-missed-streaks.js';
import { HabitController } from './habit/habit.controller.js';
import { QuestController } from './quest/quest.controller.js';
import { QuestStream } from './quest/quest-stream.js';
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
];

const jobs = [BreakMissedStreaks];

@Module({ controllers: [...http, ...reactions], providers: [QuestStream, ...jobs] })
export class QuestsModule {}

export const quests: ServiceDefinition = {
  name: 'quests',
  module: QuestsModule,
  migrations: new URL('../migrations/', import.meta.url),
  privateEventTypes: [QuestDetailsRecorded],
  jobs,
};
