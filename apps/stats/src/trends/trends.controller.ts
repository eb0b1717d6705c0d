import { TrendDetected } from '@lifeos/contracts';
import type { Database } from '@lifeos/postgres';
import { CLOCK, type Clock, CONSENTS, type Consents, DATABASE, localDay, pathId, timeZoneOf, valid } from '@lifeos/service';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { type StatTrend, trendsOf } from '../read-models/trends-view.js';

const person = z.object({ user_id: pathId });
const window = z.object({
  days: z.coerce.number('is not a number').int('is not a whole number').min(1, 'is below 1').max(365, 'is above 365').default(30),
});

/** As R-4 answers. */
interface TrendsAnswer {
  readonly user_id: number;
  readonly days: number;
  readonly consented: boolean;
  readonly trends: readonly StatTrend[];
}

@Controller('stats/trends')
export class TrendsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONSENTS) private readonly consents: Consents,
  ) {}

  /** up to today in the person's calendar. */
  @Get(':user_id')
  async show(@Param(valid(person)) { user_id }: z.infer<typeof person>, @Query(valid(window)) { days }: z.infer<typeof window>): Promise<TrendsAnswer> {
    const timeZone = await timeZoneOf(this.database, user_id);
    const today = localDay(this.clock.now(), timeZone);
    const consented = (await this.consents.allowing(this.database, TrendDetected, [user_id])).has(user_id);
    return { user_id, days, consented, trends: await trendsOf(this.database, { userId: user_id, days, today, timeZone, consented }) };
  }
}
