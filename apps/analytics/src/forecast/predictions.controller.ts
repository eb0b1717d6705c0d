import { PredictionGenerated } from '@lifeos/contracts';
import type { Database } from '@lifeos/postgres';
import { CLOCK, type Clock, CONSENTS, type Consents, DATABASE, pageFields, pathId, valid } from '@lifeos/service';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { currentRecommendations } from '../recommendation/recommendation-store.js';
import { predictionsOf } from './prediction-store.js';

const person = z.object({ user_id: pathId });
const page = z.object({ limit: pageFields.limit });

@Controller('analytics/predictions')
export class PredictionsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONSENTS) private readonly consents: Consents,
  ) {}

  /** R-19, AN-8: the newest forecasts, and the recommendations that have not expired (AN-5). */
  @Get(':user_id')
  async show(@Param(valid(person)) { user_id }: z.infer<typeof person>, @Query(valid(page)) { limit }: z.infer<typeof page>) {
    const allowed = await this.consents.allowing(this.database, PredictionGenerated, [user_id]);
    return {
      consented: allowed.has(user_id),
      predictions: await predictionsOf(this.database, user_id, limit),
      recommendations: await currentRecommendations(this.database, user_id, { now: this.clock.now(), limit }),
    };
  }
}
