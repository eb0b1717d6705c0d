import { UserEngagementAnalyzed } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { CONSENTS, type Consents, type DailyJob, type JobContext, type PeoplePage } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { peopleWithActivity } from '../read-models/activity.js';
import { daysAfter } from '../series/days.js';
import { engagementScore, periodDays, risksOf } from './engagement.js';
import { doingsOf, type EngagementRow, type PersonalDoings, saveEngagement } from './engagement-store.js';

/** AN-7: once a day, of everybody who consented and of whom anything was ever heard. */
@Injectable()
export class AnalyzeEngagement implements DailyJob {
  readonly name = 'analyze-engagement';
  readonly hoursAfterDay = 1;

  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  peopleAfter(db: Queryable, { after, limit }: PeoplePage): Promise<number[]> {
    return peopleWithActivity(db, after, limit);
  }

  async run({ tx, day, raise }: JobContext, userIds: readonly number[]): Promise<void> {
    const allowed = await this.consents.allowing(tx, UserEngagementAnalyzed, userIds);
    if (allowed.size === 0) return;
    // The end of the day that is analyzed, also when it is made up for later.
    const timestamp = new Date(daysAfter(day, 1));
    const rows: EngagementRow[] = [];
    for (const person of await doingsOf(tx, [...allowed], day)) {
      const analysis = analysisOf(person);
      const eventId = raise(UserEngagementAnalyzed, { user_id: person.userId, ...analysis, risk_factors: [...analysis.risk_factors] }, { timestamp });
      rows.push({ eventId, userId: person.userId, at: timestamp, ...analysis });
    }
    await saveEngagement(tx, rows);
  }
}

function analysisOf({ doings, byKind, byDay }: PersonalDoings) {
  return {
    analysis_period_days: periodDays,
    engagement_score: engagementScore(doings),
    activity_patterns: { active_days: doings.activeDays, active_areas: doings.activeAreas, active_habits: doings.activeHabits, by_kind: byKind, by_day: byDay },
    risk_factors: risksOf(doings),
  };
}
