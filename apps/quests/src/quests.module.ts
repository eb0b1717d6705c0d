import { Module } from '@nestjs/common';
import { QuestController } from './quest/quest.controller.js';
import { QuestStream } from './quest/quest-stream.js';

const http = [QuestController];

@Module({ controllers: http, providers: [QuestStream] })
export class QuestsModule {}
