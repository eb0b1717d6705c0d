import { Controller, Get, Inject, Param } from '@nestjs/common';
import type { Database } from '@lifeos/postgres';
import { CLOCK, DATABASE, pathId, valid, type Clock } from '@lifeos/service';
import { z } from 'zod';
import { areaNames, areas, concernsOf, progressOf, type Area } from './area.js';
import { overviewStatement, type OverviewRow } from './overview-statement.js';

const overviewPath = z.object({ user_id: pathId, area: z.enum(areaNames, `is none of ${areaNames.join(', ')}`) });
const historyMs = 30 * 86_400_000;

/** R-21, D-8: one area of life: where it stands, where it goes, what needs attention. */
@Controller('dashboard/overview')
export class OverviewController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':user_id/:area')
  async overview(@Param(valid(overviewPath)) { user_id, area }: z.infer<typeof overviewPath>) {
    const now = this.clock.now();
    const since = new Date(now.getTime() - historyMs).toISOString().slice(0, 10);
    const { rows } = await this.database.query<OverviewRow>(overviewStatement, [user_id, area, since, now]);
    const [row] = rows;
    if (!row) throw new Error('An overview is one row, and none came.');
    return { user_id, area, ...view(area, row) };
  }
}

function view(area: Area, { values, days, trends, balance, shifts }: OverviewRow) {
  const score = balance[0]?.[`${area}_score`];
  const known = new Set<string>(values.map(({ subcategory }) => subcategory));
  return {
    score: typeof score === 'number' ? score : null,
    values: values.map(({ category: _, ...stat }) => ({ ...stat, progress: progressOf(stat), reached: stat.target !== null && stat.value >= stat.target })),
    not_tracked: areas[area].filter((subcategory) => !known.has(subcategory)),
    trends,
    history: [...new Set(days.map(({ subcategory }) => subcategory))].map((subcategory) => ({
      subcategory,
      points: days.filter((point) => point.subcategory === subcategory).map(({ day, value }) => ({ day, value })),
    })),
    needs_attention: concernsOf(area, { values, trends, score: typeof score === 'number' ? score : null, shift: shifts[0] ?? null }),
  };
}
