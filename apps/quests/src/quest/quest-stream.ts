import { QuestCompleted, QuestCreated, QuestFailed, QuestStatusChanged } from '@lifeos/contracts';
import type { AnyEventType } from '@lifeos/contracts';
import type { EventLog } from '@lifeos/event-log';
import { newEventId, type NewEvent } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import { currentContext, EVENT_LOG } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { QuestDetailsRecorded } from '../generated/index.js';
import { projectQuest } from '../read-models/quest-list.js';
import { evolve, type Quest, type QuestEvent } from './quest.js';

const types: Readonly<Record<QuestEvent['name'], AnyEventType>> = {
  QuestCreated,
  QuestDetailsRecorded,
  QuestStatusChanged,
  QuestCompleted,
  QuestFailed,
};

const streamOf = (questId: number): string => `quest-${questId}`;

/** A quest as its log tells it, and the version that it stands at. */
export interface LoadedQuest {
  readonly quest: Quest;
  readonly version: number;
}

/** Quests in the event log: one stream each, the list brought along in the same transaction. */
@Injectable()
export class QuestStream {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** Under the owner's key lock only: asking for an id writes, and writing takes the transaction's id. */
  async nextId(tx: Transaction): Promise<number> {
    const { rows } = await tx.query<{ id: string }>(`SELECT nextval('quest_ids') AS id`);
    return Number(rows[0]?.id);
  }

  /** Null when there is no such quest. */
  async load(tx: Transaction, questId: number): Promise<LoadedQuest | null> {
    const events = await this.log.readStream(streamOf(questId), {}, tx);
    const quest = events.map(questEvent).reduce<Quest | null>(evolve, null);
    return quest && { quest, version: events.at(-1)?.streamVersion ?? 0 };
  }

  /** Appends after version `expectedVersion`, 0 for a new quest; a quest that stands elsewhere by then fails the commit. */
  async append(tx: Transaction, expectedVersion: number, events: readonly QuestEvent[], at: Date): Promise<void> {
    const [first] = events;
    if (!first) return;
    const stream = streamOf(first.data.quest_id);
    this.log.appendToStream(tx, { stream, expectedVersion }, events.map((event) => newEvent(event, at)));
    for (const event of events) await projectQuest(tx, event, at);
  }
}

function questEvent({ type, payload }: { type: AnyEventType; payload: object }): QuestEvent {
  if (!(type.name in types)) throw new Error(`${type.name} is no event of a quest.`);
  return { name: type.name, data: payload } as QuestEvent;
}

function newEvent({ name, data }: QuestEvent, at: Date): NewEvent {
  const context = currentContext();
  const type = types[name];
  return {
    eventId: newEventId(),
    type,
    timestamp: at,
    key: String(data.user_id),
    correlationId: context?.correlationId ?? null,
    causationId: null,
    traceparent: context?.traceparent ?? null,
    payload: type.build(data),
  };
}
