import { QuestChanged, QuestCompleted, QuestCreated, QuestFailed, QuestStatusChanged } from '@lifeos/contracts';
import type { AnyEventType } from '@lifeos/contracts';
import type { EventLog } from '@lifeos/event-log';
import type { NewEvent } from '@lifeos/events';
import type { Queryable, Transaction } from '@lifeos/postgres';
import { EVENT_LOG } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { QuestDetailsRecorded } from '../generated/index.js';
import { projectQuest } from '../read-models/quest-projection.js';
import type { Origin } from './origin.js';
import { evolve, type Quest, type QuestEvent } from './quest.js';

const types: Readonly<Record<QuestEvent['name'], AnyEventType>> = {
  QuestCreated,
  QuestDetailsRecorded,
  QuestStatusChanged,
  QuestCompleted,
  QuestFailed,
  QuestChanged,
};

/** A quest, and the version at which its stream stands. */
export interface LoadedQuest {
  readonly quest: Quest;
  readonly version: number;
}

/** Quests in the event log: one stream each, its row brought along in the same transaction. */
@Injectable()
export class QuestStream {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** Under the owner's key lock only: asking for an id writes, and writing takes the transaction's id. */
  async nextId(tx: Transaction): Promise<number> {
    const { rows } = await tx.query<{ id: string }>(`SELECT nextval('quest_ids') AS id`);
    return Number(rows[0]?.id);
  }

  /** As its row shows it, so with what this transaction did already. Null when there is no such quest, or it was deleted. */
  async load(tx: Queryable, questId: number): Promise<LoadedQuest | null> {
    const { rows } = await tx.query<Row>(
      `SELECT quest_id, user_id, quest_type, difficulty, experience_reward, status, stream_version
       FROM quests WHERE quest_id = $1 AND deleted_at IS NULL`,
      [questId],
    );
    return rows.map(({ stream_version, ...row }) => ({ quest: { ...row, quest_id: Number(row.quest_id), user_id: Number(row.user_id) }, version: stream_version }))[0] ?? null;
  }

  /** Appends to a quest, null for a new one; a quest that stands elsewhere by then fails the commit. Returns it as it is then. */
  async append(tx: Transaction, loaded: LoadedQuest | null, events: readonly QuestEvent[], origin: Origin): Promise<LoadedQuest> {
    const quest = events.reduce<Quest | null>(evolve, loaded?.quest ?? null);
    if (!quest) throw new Error('A new quest begins with its creation.');
    const expectedVersion = loaded?.version ?? 0;
    const version = expectedVersion + events.length;
    this.log.appendToStream(tx, { stream: `quest-${quest.quest_id}`, expectedVersion }, events.map((event) => newEvent(event, origin)));
    for (const [index, event] of events.entries()) await projectQuest(tx, event, { at: origin.at, version: expectedVersion + index + 1 });
    return { quest, version };
  }
}

type Row = Omit<Quest, 'quest_id' | 'user_id'> & { readonly quest_id: string; readonly user_id: string; readonly stream_version: number };

function newEvent({ name, data }: QuestEvent, { at, correlationId, causationId, traceparent, eventId }: Origin): NewEvent {
  const type = types[name];
  return { eventId: eventId(name, data), type, timestamp: at, key: String(data.user_id), correlationId, causationId, traceparent, payload: type.build(data) };
}
