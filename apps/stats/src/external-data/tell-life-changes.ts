import { LifeStatUpdated, StatMilestoneReached } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { writeHistory } from '../history/stat-history.js';
import { type LifeStatName, partsOf } from '../life-stats/life-stats.js';
import { newlyReached } from '../milestones/milestone-store.js';
import { lifeMilestone, milestoneKey, percentPassed } from '../milestones/milestones.js';
import type { DayChange } from './day-changes.js';
import type { ExternalData } from './fresh-points.js';
import { dataFact } from './told-data.js';

/** A day of a life stat, changed by an event's readings. */
export interface LifeStatChange extends DayChange {
  readonly event: ExternalData;
  readonly name: LifeStatName;
  /** Among the days of that event and stat. */
  readonly ordinal: number;
}

/** E-6 and a line of history for each stat and day (S-15), E-7 for milestones never reached before (S-12, S-13). */
export async function tellLifeChanges(context: HandlerContext, changes: readonly LifeStatChange[]): Promise<void> {
  for (const { event, name, ordinal, before, after, at } of changes) {
    const { value: new_value, unit, source, target } = after;
    context.raise(
      LifeStatUpdated,
      { user_id: event.payload.user_id, ...partsOf(name), previous_value: before?.value ?? 0, new_value, unit, source, target },
      { cause: event, fact: dataFact(event, name, ordinal), timestamp: at },
    );
  }
  await writeHistory(
    context.tx,
    changes.map(({ event, name, before, after, at }) => {
      const { user_id: userId } = event.payload;
      return { userId, type: 'life', name, previous: before?.value ?? 0, next: after.value, reason: after.source, at };
    }),
  );
  const passed = changes.flatMap((change) => {
    const { user_id: userId } = change.event.payload;
    return percentPassed(change.before ?? { value: 0, target: null }, change.after).map((percent) => ({ change, milestone: lifeMilestone(userId, change.name, percent) }));
  });
  for (const { change, milestone } of await newlyReached(context.tx, passed)) {
    context.raise(StatMilestoneReached, milestone, { cause: change.event, fact: milestoneKey(milestone), timestamp: change.at });
  }
}
