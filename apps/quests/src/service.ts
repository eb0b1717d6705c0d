import type { ServiceDefinition } from '@lifeos/service';
import { QuestDetailsRecorded } from './generated/index.js';
import { QuestsModule } from './quests.module.js';

export const quests: ServiceDefinition = {
  name: 'quests',
  module: QuestsModule,
  migrations: new URL('../migrations/', import.meta.url),
  privateEventTypes: [QuestDetailsRecorded],
};
