import type { ServiceDefinition } from '@lifeos/service';
import { AnalyticsModule } from './analytics.module.js';

export const analytics: ServiceDefinition = {
  name: 'analytics',
  module: AnalyticsModule,
  migrations: new URL('../migrations/', import.meta.url),
};
