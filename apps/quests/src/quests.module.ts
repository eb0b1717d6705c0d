import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { QuestDetailsRecorded } from './generated/index.js';
import { QuestController } from './quest/quest.controller.js';
import { QuestStream } from './quest/quest-stream.js';
import { ReserveQuestIdWhenQuestCreated } from './reactions/reserve-quest-id-when-quest-created.js';

const http = [QuestController];

const reactions = [ReserveQuestIdWhenQuestCreated];

@Module({ controllers: [...http, ...reactions], providers: [QuestStream] })
export class QuestsModule {}

export const quests: ServiceDefinition = {
  name: 'quests',
  module: QuestsModule,
  migrations: new URL('../migrations/', import.meta.url),
  privateEventTypes: [QuestDetailsRecorded],
};
