import { SkillRecommendationGenerated } from '@lifeos/contracts';
import type { Database } from '@lifeos/postgres';
import { CONSENTS, DATABASE, pathId, valid, type Consents } from '@lifeos/service';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { z } from 'zod';
import { lastRecommended, type RecommendationView } from '../read-models/recommendations.js';

const person = z.object({ user_id: pathId });

@Controller('skills/recommendations')
export class RecommendationController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CONSENTS) private readonly consents: Consents,
  ) {}

  /** the newest one, while the person consents. */
  @Get(':user_id')
  async show(@Param(valid(person)) { user_id }: z.infer<typeof person>): Promise<{ consented: boolean; recommendations: RecommendationView[] }> {
    const consented = (await this.consents.allowing(this.database, SkillRecommendationGenerated, [user_id])).has(user_id);
    const last = consented ? await lastRecommended(this.database, user_id) : null;
    return { consented, recommendations: last ? [last] : [] };
  }
}
