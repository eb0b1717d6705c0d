import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { countEvents } from '../read-models/activity.js';

@Controller()
export class CountActivityWhenAnythingHappened {
  @Handles('*', { name: 'count-activity-when-anything-happened', versions: '>=1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventEnvelope[], @Ctx() context: HandlerContext): Promise<void> {
    await countEvents(context.tx, events);
  }
}
