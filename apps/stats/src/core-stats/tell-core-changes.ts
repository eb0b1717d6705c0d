import { CoreStatUpdated, StatMilestoneReached } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { writeHistory } from '../history/stat-history.js';
import { newlyReached } from '../milestones/milestone-store.js';
import { coreMilestonesPassed, milestoneKey } from '../milestones/milestones.js';
import type { CoreStatName, ValueChange } from './core-stats.js';

/** A change of a core stat as the effect of an event. */
export interface CoreStatChange extends ValueChange {
  readonly cause: EventEnvelope;
  readonly userId: number;
  readonly name: CoreStatName;
  readonly source: 'quest' | 'habit' | 'skill' | 'integration';
  /** What happened, whatever the order in which a rebuilt service hears of it. */
  readonly fact: string;
  readonly at: Date;
}

/** E-5 and a line of history for each change (S-3, S-7), E-7 for milestones never reached before (S-11, S-13). */
export async function tellCoreChanges(context: HandlerContext, changes: readonly CoreStatChange[]): Promise<void> {
  for (const { cause, userId, name, previous, next, source, fact, at } of changes) {
    context.raise(CoreStatUpdated, { user_id: userId, stat_name: name, previous_value: previous, new_value: next, source }, { cause, fact, timestamp: at });
  }
  await writeHistory(context.tx, changes.map(({ userId, name, previous, next, source, at }) => ({ userId, type: 'core', name, previous, next, reason: source, at })));
  const passed = changes.flatMap((change) => coreMilestonesPassed(change).map((milestone) => ({ milestone, change })));
  for (const { milestone, change } of await newlyReached(context.tx, passed)) {
    context.raise(StatMilestoneReached, milestone, { cause: change.cause, fact: milestoneKey(milestone), timestamp: change.at });
  }
}
