import type { Database } from '@lifeos/postgres';
import { Caller, CLOCK, type Clock, DATABASE, pathId, type Principal, valid } from '@lifeos/service';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { z } from 'zod';
import { availableTo } from '../read-models/available.js';
import { earnedBy } from '../read-models/earned.js';
import { statisticsOf } from '../read-models/statistics.js';

const person = z.object({ user_id: pathId });

@Controller('achievements')
export class AchievementController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** every achievement that is not hidden, and what the caller is near to. */
  @Get('available-achievements')
  async available(@Caller() caller: Principal) {
    return availableTo(this.database, caller.userId);
  }

  /** what has been unlocked, in numbers. */
  @Get('statistics/:user_id')
  async statistics(@Param(valid(person)) { user_id }: z.infer<typeof person>) {
    return statisticsOf(this.database, user_id, this.clock.now());
  }

  /** what a person has been given, and how far the rest is. */
  @Get(':user_id')
  async earned(@Param(valid(person)) { user_id }: z.infer<typeof person>) {
    return earnedBy(this.database, user_id);
  }
}
