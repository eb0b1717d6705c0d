import type { ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { CountActivityWhenAnythingHappened } from './reactions/count-activity-when-anything-happened.js';
import { ActivityController } from './read-models/activity.controller.js';

const http = [ActivityController];

const reactions = [CountActivityWhenAnythingHappened];

@Module({ controllers: [...http, ...reactions] })
export class AnalyticsModule {}

export const analytics: ServiceDefinition = {
  name: 'analytics',
  module: AnalyticsModule,
  migrations: new URL('../migrations/', import.meta.url),
};
