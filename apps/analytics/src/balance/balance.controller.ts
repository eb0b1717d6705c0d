import { BalanceScoreCalculated } from '@lifeos/contracts';
import { CLOCK, type Clock, Commands, CONSENTS, type Consents, pathId, valid } from '@lifeos/service';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { z } from 'zod';
import { answerBalance, type BalanceAnswer } from './answer-balance.js';

const person = z.object({ user_id: pathId });

@Controller('analytics/balance-score')
export class BalanceController {
  constructor(
    private readonly commands: Commands,
    @Inject(CONSENTS) private readonly consents: Consents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** R-19, AN-2: the scores as they are now; published when they were never told or moved since. */
  @Get(':user_id')
  async show(@Param(valid(person)) { user_id }: z.infer<typeof person>): Promise<BalanceAnswer> {
    return this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const allowed = await this.consents.allowing(tx, BalanceScoreCalculated, [user_id]);
      if (!allowed.has(user_id)) return { consented: false };
      return answerBalance({ tx, raise }, user_id, this.clock.now());
    });
  }
}
