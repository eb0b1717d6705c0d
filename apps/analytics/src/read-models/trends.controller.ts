import type { Database } from '@lifeos/postgres';
import { CLOCK, type Clock, DATABASE, pageFields, pathId, valid } from '@lifeos/service';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { balanceSeries } from '../balance/evaluate-balance.js';
import { shiftsTold } from '../balance/shift-store.js';
import { newestEngagement } from '../engagement/engagement-store.js';
import { dayOf, daysAfter } from '../series/days.js';
import { pointsOf } from '../series/series-store.js';
import { registeredAt } from './profiles.js';
import { trendsOf } from './trends.js';

const person = z.object({ user_id: pathId });
const period = z.object({ days: z.coerce.number().int().min(1).max(366).default(30), limit: pageFields.limit });

@Controller('analytics/trends')
export class TrendsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** R-19, AN-8: what was seen in the last `days` days (30, UTC), at most `limit` of a kind (50), the newest first. */
  @Get(':user_id')
  async show(@Param(valid(person)) { user_id }: z.infer<typeof person>, @Query(valid(period)) { days, limit }: z.infer<typeof period>) {
    const today = dayOf(this.clock.now());
    const from = daysAfter(today, 1 - days);
    const page = { since: new Date(from), limit };
    const [balance = []] = await pointsOf(this.database, [{ userId: user_id, series: balanceSeries, from, to: today }]);
    return {
      member_since: await registeredAt(this.database, user_id),
      trends: await trendsOf(this.database, user_id, page),
      balance,
      shifts: await shiftsTold(this.database, user_id, page),
      engagement: await newestEngagement(this.database, user_id),
    };
  }
}
