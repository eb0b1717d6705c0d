import { ExperienceAwarded, LevelUp } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { bookAwards, type LevelPassed, newlyPassed } from './booking.js';
import { enterInLedger, storeTotals, totalsOf, type LedgerEntry } from './experience-store.js';
import { levelsTold } from './levels-told.js';

/** What an event is worth. */
export type Award = Pick<LedgerEntry, 'userId' | 'amount' | 'sourceType' | 'sourceId' | 'reason'> & { readonly cause: EventEnvelope };

/**
 * D-2, D-4, D-5: books what a batch of events earned, four statements for all of it, and raises E-3
 * for each award and E-4 for each that passed a threshold that nobody was told of. Awards without XP are left out. The
 * batch holds the users' locks, so nobody else books for them meanwhile.
 */
export async function awardExperience(context: HandlerContext, awards: readonly Award[]): Promise<void> {
  const worth = awards.filter(({ amount }) => amount > 0);
  if (worth.length === 0) return;
  const causes = new Map(worth.map(({ cause }) => [cause.eventId, cause]));
  const entries = worth.map(({ cause, ...award }) => ({ ...award, sourceEventId: cause.eventId, at: cause.timestamp }));
  const entered = await enterInLedger(context.tx, entries);
  const bookings = bookAwards(await totalsOf(context.tx, entered.map(({ userId }) => userId)), entered);
  if (bookings.length === 0) return;
  await storeTotals(context.tx, new Map(bookings.map(({ award, total }) => [award.userId, total])));
  const told = await levelsTold(context.tx, bookings.flatMap(({ award, levelPassed }) => (levelPassed ? [award.userId] : [])));
  for (const { award, levelPassed } of bookings) {
    raiseBooking(context, causes.get(award.sourceEventId), award, newlyPassed(levelPassed, told.get(award.userId) ?? 1));
  }
}

function raiseBooking(context: HandlerContext, cause: EventEnvelope | undefined, entry: LedgerEntry, levelPassed: LevelPassed | null): void {
  if (!cause) throw new Error(`No event ${entry.sourceEventId} is in this batch.`);
  const { userId: user_id, amount, sourceType, sourceId, reason } = entry;
  context.raise(ExperienceAwarded, { user_id, experience_points: amount, source_type: sourceType, source_id: sourceId, reason }, { cause });
  if (levelPassed) context.raise(LevelUp, { user_id, ...levelPassed }, { cause, fact: String(levelPassed.new_level) });
}
