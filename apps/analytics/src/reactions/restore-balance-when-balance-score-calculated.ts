import { BalanceScoreCalculated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { saveAnnounced } from '../balance/balance-store.js';
import { allowedOf } from '../privacy/allowed-of.js';

/** Our own event, read back when the database was rebuilt; in everyday running it finds what it tells. */
@Controller()
export class RestoreBalanceWhenBalanceScoreCalculated {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(BalanceScoreCalculated, { name: 'restore-balance-when-balance-score-calculated', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof BalanceScoreCalculated>[], @Ctx() context: HandlerContext): Promise<void> {
    await saveAnnounced(
      context.tx,
      (await allowedOf(context.tx, this.consents, events)).map(({ payload }) => ({
        userId: payload.user_id,
        scores: { health: payload.health_score, wealth: payload.wealth_score, relationships: payload.relationships_score },
        at: payload.calculation_timestamp,
      })),
    );
  }
}
