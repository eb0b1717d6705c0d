import { InsightGenerated, PatternDetected } from '@lifeos/contracts';
import type { Database } from '@lifeos/postgres';
import { CONSENTS, type Consents, DATABASE, pageFields, pathId, valid } from '@lifeos/service';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { insightsOf, type InsightView, patternsOf, type PatternView } from '../read-models/findings.js';

const person = z.object({ user_id: pathId });
const page = z.object(pageFields);

@Controller('journal/insights')
export class InsightController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CONSENTS) private readonly consents: Consents,
  ) {}

  /** newest first, each kind while the person allows it. */
  @Get(':user_id')
  async list(
    @Param(valid(person)) { user_id }: z.infer<typeof person>,
    @Query(valid(page)) part: z.infer<typeof page>,
  ): Promise<{ consented: boolean; insights: InsightView[]; patterns: PatternView[] }> {
    const consented = (await this.consents.allowing(this.database, InsightGenerated, [user_id])).has(user_id);
    const patternsToo = (await this.consents.allowing(this.database, PatternDetected, [user_id])).has(user_id);
    return {
      consented,
      insights: consented ? await insightsOf(this.database, user_id, part) : [],
      patterns: patternsToo ? await patternsOf(this.database, user_id, part) : [],
    };
  }
}
