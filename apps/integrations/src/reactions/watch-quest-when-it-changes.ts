import { QuestChanged, QuestCompleted, QuestCreated, QuestFailed, QuestStatusChanged } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { loadWatched, saveWatched } from '../rules/rule-store.js';
import { changed, completed, created, failed, statusChanged, type Watched } from '../rules/watched-quest.js';

const types = [QuestCreated, QuestCompleted, QuestFailed, QuestStatusChanged, QuestChanged] as const;

type QuestEvent = EventOf<(typeof types)[number]>;

/** I-11: one handler for a quest's whole life, since what it means depends on the order of its events. */
@Controller()
export class WatchQuestWhenItChanges {
  @Handles(types, { name: 'watch-quest-when-it-changes', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly QuestEvent[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const quests = await loadWatched(tx, [...new Set(events.map(({ payload }) => payload.quest_id))]);
    const touched = new Map<number, Watched>();
    for (const event of events) {
      const { quest_id } = event.payload;
      touched.set(quest_id, after(touched.get(quest_id) ?? quests.get(quest_id) ?? null, event));
    }
    await saveWatched(tx, [...touched.values()]);
  }
}

function after(known: Watched | null, event: QuestEvent): Watched {
  if (is(event, QuestCreated)) return created(known, event.payload, event.timestamp);
  if (is(event, QuestCompleted)) return completed(known, event.payload, event.timestamp);
  if (is(event, QuestFailed)) return failed(known, event.payload, event.timestamp);
  if (is(event, QuestStatusChanged)) return statusChanged(known, event.payload);
  return changed(known, event.payload, event.timestamp);
}

function is<T extends (typeof types)[number]>(event: QuestEvent, type: T): event is EventOf<T> & QuestEvent {
  return event.type.recordName === type.recordName;
}
