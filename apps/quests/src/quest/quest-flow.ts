import { QuestChainUnlocked } from '@lifeos/contracts';
import type { EventLog } from '@lifeos/event-log';
import type { Transaction } from '@lifeos/postgres';
import { CONFIG, EVENT_LOG } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { activeQuests, openedChildren } from '../read-models/chains.js';
import { questById } from '../read-models/quest-list.js';
import { TooManyActiveQuests } from './errors.js';
import { ofEvent, type Origin } from './origin.js';
import { activateQuest, completeQuest, type Quest, type QuestEvent } from './quest.js';
import { type LoadedQuest, QuestStream } from './quest-stream.js';
import { takeRemembered } from './remembered-completions.js';
import { activeQuestsAllowed, type Tier } from './tier.js';

/** Steps of quests with all that follows from them in the same transaction; the owner's key lock is held. */
@Injectable()
export class QuestFlow {
  private readonly allowed: number;

  constructor(
    @Inject(CONFIG) { QUESTS_TIER }: { readonly QUESTS_TIER: Tier },
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly stream: QuestStream,
  ) {
    this.allowed = activeQuestsAllowed(QUESTS_TIER);
  }

  /** @throws TooManyActiveQuests when there is no room for another one. */
  async requireRoom(tx: Transaction, userId: number): Promise<void> {
    if ((await this.room(tx, userId)) < 1) throw new TooManyActiveQuests(this.allowed);
  }

  /** Appends; a completion opens the quests that waited for it, an activation does what was remembered. */
  async append(tx: Transaction, loaded: LoadedQuest, events: readonly QuestEvent[], origin: Origin): Promise<void> {
    const after = await this.stream.append(tx, loaded, events, origin);
    if (after.quest.status === loaded.quest.status) return;
    if (after.quest.status === 'completed') await this.openChildren(tx, after.quest, origin);
    if (after.quest.status === 'active') await this.completeIfRemembered(tx, after);
  }

  private async openChildren(tx: Transaction, parent: Quest, origin: Origin): Promise<void> {
    const { user_id, quest_id: parent_quest_id } = parent;
    const children = await openedChildren(tx, user_id, parent_quest_id);
    const opened: LoadedQuest[] = [];
    for (const { quest_id } of children.slice(0, await this.room(tx, user_id))) {
      const child = await this.stream.load(tx, quest_id);
      if (child) opened.push(await this.stream.append(tx, child, activateQuest(child.quest, origin.at), origin));
    }
    if (opened.length === 0) return;
    const { correlationId, causationId, traceparent, at: timestamp } = origin;
    const chain_name = await this.chainName(tx, parent_quest_id, children);
    const payload = QuestChainUnlocked.build({ user_id, parent_quest_id, unlocked_quest_ids: opened.map(({ quest }) => quest.quest_id), chain_name });
    const place = { key: String(user_id), timestamp, correlationId, causationId, traceparent };
    this.log.append(tx, [{ eventId: origin.eventId(QuestChainUnlocked.name, parent), type: QuestChainUnlocked, ...place, payload }]);
    for (const child of opened) await this.completeIfRemembered(tx, child);
  }

  /** the name given at creation, else the title of the quest just completed. */
  private async chainName(tx: Transaction, parentId: number, children: readonly { chain_name: string | null }[]): Promise<string> {
    const parent = await questById(tx, parentId);
    return parent?.chain_name ?? children.find(({ chain_name }) => chain_name !== null)?.chain_name ?? parent?.title ?? String(parentId);
  }

  private async completeIfRemembered(tx: Transaction, active: LoadedQuest): Promise<void> {
    const remembered = await takeRemembered(tx, active.quest.quest_id);
    if (!remembered) return;
    const { at, cause } = remembered;
    await this.append(tx, active, completeQuest(active.quest, { at, automatically: true }), ofEvent(cause, at));
  }

  private async room(tx: Transaction, userId: number): Promise<number> {
    return this.allowed === Number.POSITIVE_INFINITY ? this.allowed : this.allowed - (await activeQuests(tx, userId));
  }
}
