import { ExperienceAwarded } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { addAwards } from '../read-models/user-level.js';

@Controller()
export class MirrorExperienceWhenExperienceAwarded {
  @Handles(ExperienceAwarded, { name: 'mirror-experience-when-experience-awarded', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof ExperienceAwarded>[], @Ctx() context: HandlerContext): Promise<void> {
    await addAwards(context.tx, events);
  }
}
