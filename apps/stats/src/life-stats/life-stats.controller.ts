import { LifeStatUpdated, StatMilestoneReached } from '@lifeos/contracts';
import type { Database, Transaction } from '@lifeos/postgres';
import { CLOCK, type Clock, Commands, DATABASE, pathId, type Raise, valid } from '@lifeos/service';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { z } from 'zod';
import { restoreEarlierLife } from '../earlier-life/restore-earlier-life.js';
import { writeHistory } from '../history/stat-history.js';
import { newlyReached } from '../milestones/milestone-store.js';
import { lifeMilestone, percentPassed } from '../milestones/milestones.js';
import { lifeStatsOf, type LifeStatsView } from '../read-models/life-stats-view.js';
import { loadLifeStats, saveLifeStats } from './life-stat-store.js';
import { enter, type LifeStatName, partsOf } from './life-stats.js';
import { type EntryBody, entryBody } from './requests.js';

const person = z.object({ user_id: pathId });

/** One entry by hand, with what it is decided in. */
interface Recording {
  readonly tx: Transaction;
  readonly raise: Raise;
  readonly userId: number;
  readonly at: Date;
}

@Controller('stats/life-stats')
export class LifeStatsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly commands: Commands,
  ) {}

  /** R-3, S-8: all that can be measured; what never was has no value. */
  @Get(':user_id')
  show(@Param(valid(person)) { user_id }: z.infer<typeof person>): Promise<LifeStatsView> {
    return lifeStatsOf(this.database, user_id);
  }

  /** R-3, S-9: every entry is a recording of its day, also one that repeats the value. */
  @Put(':user_id')
  async set(@Param(valid(person)) { user_id }: z.infer<typeof person>, @Body(valid(entryBody)) entry: EntryBody): Promise<LifeStatsView> {
    const at = this.clock.now();
    await this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      await restoreEarlierLife(tx, [user_id], 'so far');
      await record({ tx, raise, userId: user_id, at }, entry);
    });
    return this.show({ user_id });
  }
}

async function record({ tx, raise, userId, at }: Recording, entry: EntryBody): Promise<void> {
  const name = `${entry.category}.${entry.subcategory}` as LifeStatName;
  const before = (await loadLifeStats(tx, [userId])).find((row) => row.name === name)?.stat ?? null;
  const stat = enter(before, entry, at);
  const previous = before?.value ?? 0;
  await saveLifeStats(tx, [{ userId, name, stat }]);
  await writeHistory(tx, [{ userId, type: 'life', name, previous, next: stat.value, reason: stat.source, at, notes: entry.notes }]);
  const { unit, source, target } = stat;
  raise(LifeStatUpdated, { user_id: userId, ...partsOf(name), previous_value: previous, new_value: stat.value, unit, source, target }, at);
  const passed = percentPassed(before ?? { value: 0, target: null }, stat).map((percent) => ({ milestone: lifeMilestone(userId, name, percent) }));
  for (const { milestone } of await newlyReached(tx, passed)) raise(StatMilestoneReached, milestone, at);
}
