import type { Database } from '@lifeos/postgres';
import { CLOCK, type Clock, DATABASE, pathId, valid } from '@lifeos/service';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { activityOf, type DayOfActivity } from './activity.js';

const person = z.object({ user_id: pathId });
const period = z.object({ days: z.coerce.number().int().min(1).max(366).default(30) });
const dayMs = 86_400_000;

@Controller('analytics/activity')
export class ActivityController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What happened on each of the last `days` days (30), today included, UTC. */
  @Get(':user_id')
  async show(
    @Param(valid(person)) { user_id }: z.infer<typeof person>,
    @Query(valid(period)) { days }: z.infer<typeof period>,
  ): Promise<{ days: DayOfActivity[] }> {
    const from = new Date(this.clock.now().getTime() - (days - 1) * dayMs);
    return { days: await activityOf(this.database, user_id, from) };
  }
}
