import type { ServiceDefinition } from '@lifeos/service';
import { QuestsModule } from './quests.module.js';

export const quests: ServiceDefinition = {
  name: 'quests',
  module: QuestsModule,
  migrations: new URL('../migrations/', import.meta.url),
};
