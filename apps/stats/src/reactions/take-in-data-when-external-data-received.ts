import { ExternalDataReceived } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { takeInExternalData } from '../external-data/take-in-external-data.js';

/** S-15; an event of 1.0.0 carries no points and changes nothing. */
@Controller()
export class TakeInDataWhenExternalDataReceived {
  @Handles(ExternalDataReceived, { name: 'take-in-data-when-external-data-received', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof ExternalDataReceived>[], @Ctx() context: HandlerContext): Promise<void> {
    await takeInExternalData(context, events);
  }
}
