import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { QuestDetailsRecorded } from './generated/index.js';
import { QuestController } from './quest/quest.controller.js';
import { QuestStream } from './quest/quest-stream.js';

const http = [QuestController];

@Module({ controllers: http, providers: [QuestStream] })
export class QuestsModule {}

export const quests: ServiceDefinition = {
  name: 'quests',
  module: QuestsModule,
  migrations: new URL('../migrations/', import.meta.url),
  privateEventTypes: [QuestDetailsRecorded],
};
