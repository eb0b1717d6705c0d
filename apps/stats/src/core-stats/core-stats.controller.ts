import { CoreStatUpdated, StatMilestoneReached } from '@lifeos/contracts';
import type { Database } from '@lifeos/postgres';
import { CLOCK, type Clock, Commands, DATABASE, pathId, valid } from '@lifeos/service';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { z } from 'zod';
import { restoreEarlierLife } from '../earlier-life/restore-earlier-life.js';
import { writeHistory } from '../history/stat-history.js';
import { newlyReached } from '../milestones/milestone-store.js';
import { coreMilestonesPassed } from '../milestones/milestones.js';
import { type CoreStatsView, coreStatsOf } from '../read-models/core-stats-view.js';
import { coreStatNames, highestValue, initialCoreStat, lowestValue, setValue } from './core-stats.js';
import { addMissingStats, loadStats, saveStats } from './stat-store.js';

const person = z.object({ user_id: pathId });
const newValue = z.object({ stat_name: z.enum(coreStatNames), value: z.int().min(lowestValue).max(highestValue) });

@Controller('stats/core-stats')
export class CoreStatsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly commands: Commands,
  ) {}

  /** R-1; stats that are missing are made here (S-1). */
  @Get(':user_id')
  async show(@Param(valid(person)) { user_id }: z.infer<typeof person>): Promise<CoreStatsView> {
    const view = await coreStatsOf(this.database, user_id);
    if (view) return view;
    await addMissingStats(this.database, [user_id]);
    return this.show({ user_id });
  }

  /** sets one stat by hand; an equal value changes and publishes nothing (S-3). */
  @Put(':user_id')
  async set(
    @Param(valid(person)) { user_id }: z.infer<typeof person>,
    @Body(valid(newValue)) { stat_name, value }: z.infer<typeof newValue>,
  ): Promise<CoreStatsView> {
    const source = 'manual';
    const at = this.clock.now();
    await this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      await restoreEarlierLife(tx, [user_id], 'so far');
      const rows = await loadStats(tx, [user_id]);
      const before = rows.find(({ name }) => name === stat_name)?.stat ?? initialCoreStat;
      const { stat, change } = setValue(before, value);
      if (!change) return;
      const { previous: previous_value, next: new_value } = change;
      await saveStats(tx, [{ userId: user_id, name: stat_name, stat }]);
      await writeHistory(tx, [{ userId: user_id, type: 'core', name: stat_name, reason: source, at, ...change }]);
      raise(CoreStatUpdated, { user_id, stat_name, previous_value, new_value, source }, at);
      const passed = coreMilestonesPassed({ userId: user_id, name: stat_name, ...change }).map((milestone) => ({ milestone }));
      for (const { milestone } of await newlyReached(tx, passed)) raise(StatMilestoneReached, milestone, at);
    });
    return this.show({ user_id });
  }
}
