import type { ServiceDefinition } from '@lifeos/service';
import { AchievementsModule } from './achievements.module.js';

export const achievements: ServiceDefinition = {
  name: 'achievements',
  module: AchievementsModule,
  migrations: new URL('../migrations/', import.meta.url),
};
