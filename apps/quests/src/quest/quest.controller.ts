import type { Database, Transaction } from '@lifeos/postgres';
import { Caller, CLOCK, type Clock, Commands, DATABASE, Forbidden, Invalid, mayActFor, pathId, type Principal, text, valid } from '@lifeos/service';
import { Body, Controller, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { questById, questsOf, type QuestView, statusesOf } from '../read-models/quest-list.js';
import { QuestNotFound } from './errors.js';
import { newQuestBody } from './new-quest.js';
import { QuestStream } from './quest-stream.js';
import {
  activateQuest,
  completeQuest,
  createQuest,
  failQuest,
  type NewQuest,
  pauseQuest,
  type Quest,
  type QuestEvent,
  questStatuses,
  questTypes,
} from './quest.js';

const person = z.object({ user_id: pathId });
const oneQuest = z.object({ quest_id: pathId });
const filter = z.object({ type: z.enum(questTypes).optional(), status: z.enum(questStatuses).optional() });
const failure = z.object({ reason: text(1, 500) });

type Step = (quest: Quest, at: Date) => QuestEvent[];

@Controller('quests')
export class QuestController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly commands: Commands,
    private readonly stream: QuestStream,
  ) {}

  /** */
  @Get(':user_id')
  async list(
    @Param(valid(person)) { user_id }: z.infer<typeof person>,
    @Query(valid(filter)) wanted: z.infer<typeof filter>,
  ): Promise<{ quests: QuestView[] }> {
    return { quests: await questsOf(this.database, user_id, wanted) };
  }

  /** */
  @Post()
  async create(@Body(valid(newQuestBody)) wish: NewQuest): Promise<QuestView> {
    const at = this.clock.now();
    const id = await this.commands.execute({ keys: [wish.user_id] }, async (tx) => {
      const prerequisitesOpen = await anyPrerequisiteOpen(tx, wish);
      const quest_id = await this.stream.nextId(tx);
      await this.stream.append(tx, 0, createQuest({ quest_id, wish, prerequisitesOpen }), at);
      return quest_id;
    });
    return this.view(id);
  }

  /** */
  @Put(':quest_id/complete')
  async complete(@Param(valid(oneQuest)) { quest_id }: z.infer<typeof oneQuest>, @Caller() caller: Principal): Promise<QuestView> {
    return this.change(quest_id, caller, (quest, at) => completeQuest(quest, { at, automatically: false }));
  }

  /** */
  @Put(':quest_id/fail')
  async fail(
    @Param(valid(oneQuest)) { quest_id }: z.infer<typeof oneQuest>,
    @Body(valid(failure)) { reason }: z.infer<typeof failure>,
    @Caller() caller: Principal,
  ): Promise<QuestView> {
    return this.change(quest_id, caller, (quest, at) => failQuest(quest, { at, reason }));
  }

  /** */
  @Put(':quest_id/pause')
  async pause(@Param(valid(oneQuest)) { quest_id }: z.infer<typeof oneQuest>, @Caller() caller: Principal): Promise<QuestView> {
    return this.change(quest_id, caller, pauseQuest);
  }

  /** */
  @Put(':quest_id/activate')
  async activate(@Param(valid(oneQuest)) { quest_id }: z.infer<typeof oneQuest>, @Caller() caller: Principal): Promise<QuestView> {
    return this.change(quest_id, caller, activateQuest);
  }

  private async change(questId: number, caller: Principal, step: Step): Promise<QuestView> {
    // The key to lock is the owner's, who never changes.
    const { user_id } = await this.view(questId);
    if (!mayActFor(caller, user_id)) throw new Forbidden(`Quest ${questId} belongs to another user.`);
    const at = this.clock.now();
    await this.commands.execute({ keys: [user_id] }, async (tx) => {
      const loaded = await this.stream.load(tx, questId);
      if (!loaded) throw new QuestNotFound(questId);
      await this.stream.append(tx, loaded.version, step(loaded.quest, at), at);
    });
    return this.view(questId);
  }

  private async view(questId: number): Promise<QuestView> {
    const view = await questById(this.database, questId);
    if (!view) throw new QuestNotFound(questId);
    return view;
  }
}

/** Whether any prerequisite is not completed yet. @throws Invalid for one that is no quest of this person. */
async function anyPrerequisiteOpen(tx: Transaction, { user_id, prerequisite_quest_ids, parent_quest_id }: NewQuest): Promise<boolean> {
  const named = parent_quest_id === null ? prerequisite_quest_ids : [...prerequisite_quest_ids, parent_quest_id];
  if (named.length === 0) return false;
  const statuses = await statusesOf(tx, user_id, named);
  const faultsOf = (id: number, field: string) => (statuses.has(id) ? [] : [{ field, message: `names no quest of user ${user_id}: ${id}` }]);
  const faults = [
    ...prerequisite_quest_ids.flatMap((id, index) => faultsOf(id, `prerequisite_quest_ids.${index}`)),
    ...(parent_quest_id === null ? [] : faultsOf(parent_quest_id, 'parent_quest_id')),
  ];
  if (faults.length > 0) throw new Invalid('The quest names others that are not there.', faults);
  return prerequisite_quest_ids.some((id) => statuses.get(id) !== 'completed');
}
