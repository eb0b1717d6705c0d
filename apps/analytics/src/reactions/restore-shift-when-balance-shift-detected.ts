import { BalanceShiftDetected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { saveShifts } from '../balance/shift-store.js';
import { allowedOf } from '../privacy/allowed-of.js';

/** Our own event, read back when the database was rebuilt; in everyday running it finds what it tells. */
@Controller()
export class RestoreShiftWhenBalanceShiftDetected {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(BalanceShiftDetected, { name: 'restore-shift-when-balance-shift-detected', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof BalanceShiftDetected>[], @Ctx() context: HandlerContext): Promise<void> {
    await saveShifts(
      context.tx,
      (await allowedOf(context.tx, this.consents, events)).map(({ eventId, payload: { user_id: userId, shift_timestamp: at, ...shift } }) => ({ eventId, userId, at, ...shift })),
    );
  }
}
