import { SkillRecommendationGenerated } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { CONSENTS, type Consents, type DailyJob, type JobContext, type PeoplePage } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { lastRecommended, saveRecommendation } from '../read-models/recommendations.js';
import { skillsOf } from '../skill/skill-store.js';
import { recommend } from './recommend.js';

/** Skills looked at for one person. */
const skillsRead = 500;

/** K-8: once a day, for who consented, told only when it differs from what was told last. */
@Injectable()
export class RecommendSkills implements DailyJob {
  readonly name = 'recommend-skills';
  readonly hoursAfterDay = 1;

  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  async peopleAfter(db: Queryable, { after, limit }: PeoplePage): Promise<number[]> {
    const { rows } = await db.query<{ user_id: string }>(
      'SELECT DISTINCT user_id FROM skills WHERE deleted_at IS NULL AND user_id > $1 ORDER BY user_id LIMIT $2',
      [after, limit],
    );
    return rows.map(({ user_id }) => Number(user_id));
  }

  async run({ tx, now, raise }: JobContext, userIds: readonly number[]): Promise<void> {
    for (const user_id of await this.consents.allowing(tx, SkillRecommendationGenerated, userIds)) {
      const found = recommend(await skillsOf(tx, user_id, { limit: skillsRead, offset: 0 }), now);
      const before = await lastRecommended(tx, user_id);
      const ids = found?.skills.map(({ skill_id }) => skill_id) ?? [];
      if (!found || JSON.stringify(ids) === JSON.stringify(before?.recommended_skill_ids)) continue;
      const recommendation = {
        recommended_skill_ids: ids,
        recommended_skill_names: found.skills.map(({ name }) => name),
        recommendation_reason: found.reason,
        confidence_score: found.confidence,
      };
      await saveRecommendation(tx, user_id, recommendation, now);
      raise(SkillRecommendationGenerated, { user_id, ...recommendation });
    }
  }
}
