import { PatternDetected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { evaluateBalance } from '../balance/evaluate-balance.js';

/** AN-2: tells what moved while it could not be told, for want of consent. */
@Controller()
export class EvaluateBalanceWhenPatternDetected {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(PatternDetected, { name: 'evaluate-balance-when-pattern-detected', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof PatternDetected>[], @Ctx() context: HandlerContext): Promise<void> {
    await evaluateBalance(context, this.consents, events.map((cause) => ({ cause, userId: cause.payload.user_id })));
  }
}
