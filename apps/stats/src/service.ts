import type { ServiceDefinition } from '@lifeos/service';
import { StatsModule } from './stats.module.js';

export const stats: ServiceDefinition = {
  name: 'stats',
  module: StatsModule,
  migrations: new URL('../migrations/', import.meta.url),
};
