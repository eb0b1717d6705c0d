import { JournalEntryCreated, JournalEntryDeleted, JournalEntryUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { restoreChanges, restoreDeletions, restoreEntries } from '../entry/restored-entries.js';
import { reserveIds } from '../read-models/own-ids.js';

type Created = EventOf<typeof JournalEntryCreated>;
type Updated = EventOf<typeof JournalEntryUpdated>;
type Deleted = EventOf<typeof JournalEntryDeleted>;

/**
 * Our own events, read back when the database was rebuilt: all of an entry but its text. In everyday
 * running they find everything there. One handler for all three, so that they keep their order.
 */
@Controller()
export class RestoreEntryWhenJournalEntryTold {
  @Handles([JournalEntryCreated, JournalEntryUpdated, JournalEntryDeleted], { name: 'restore-entry-when-journal-entry-told', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly (Created | Updated | Deleted)[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const created = events.filter((event): event is Created => event.type === JournalEntryCreated);
    await reserveIds(tx, 'entry_ids', created.map(({ payload }) => payload.entry_id));
    await restoreEntries(tx, created);
    await restoreChanges(tx, events.filter((event): event is Updated => event.type === JournalEntryUpdated));
    await restoreDeletions(tx, events.filter((event): event is Deleted => event.type === JournalEntryDeleted));
  }
}
