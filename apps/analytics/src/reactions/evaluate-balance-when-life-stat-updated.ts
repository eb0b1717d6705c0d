import { LifeStatUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { evaluateBalance } from '../balance/evaluate-balance.js';
import { dayOf } from '../series/days.js';
import { saveReadings } from '../series/series-store.js';

/** AN-1 to AN-3, and the series of AN-6. */
@Controller()
export class EvaluateBalanceWhenLifeStatUpdated {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(LifeStatUpdated, { name: 'evaluate-balance-when-life-stat-updated', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof LifeStatUpdated>[], @Ctx() context: HandlerContext): Promise<void> {
    await saveReadings(
      context.tx,
      events.map(({ payload: { user_id, category, subcategory, new_value }, timestamp: at }) => ({
        userId: user_id, series: `${category}.${subcategory}`, day: dayOf(at), value: new_value, at,
      })),
    );
    await evaluateBalance(
      context,
      this.consents,
      events.map((cause) => {
        const { user_id: userId, category: area, subcategory, new_value: value, target } = cause.payload;
        return { cause, userId, stat: { userId, area, subcategory, value, target } };
      }),
    );
  }
}
