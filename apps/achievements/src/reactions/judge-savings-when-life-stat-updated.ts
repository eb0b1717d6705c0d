import { LifeStatUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { recogniseGrowth } from '../achievement/recognition.js';
import { isReached } from '../savings/savings-goal.js';
import { saveSavings } from '../savings/savings-store.js';

/** A version without a target says that there is none. */
@Controller()
export class JudgeSavingsWhenLifeStatUpdated {
  @Handles(LifeStatUpdated, { name: 'judge-savings-when-life-stat-updated', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof LifeStatUpdated>[], @Ctx() context: HandlerContext): Promise<void> {
    const updates = events.filter(({ payload }) => payload.category === 'wealth' && payload.subcategory === 'finance_savings_investments').map((cause) => {
      const { user_id: userId, new_value: value, target, unit } = cause.payload;
      return { cause, userId, at: cause.timestamp, value, target, unit };
    });
    if (updates.length === 0) return;
    await saveSavings(context.tx, updates);
    await recogniseGrowth(
      context,
      updates.map(({ cause, userId, ...savings }) => ({ cause, userId, growth: isReached(savings) ? { reach: { savings_goals_reached: 1 } } : {} })),
    );
  }
}
