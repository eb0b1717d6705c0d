import type { Database, Transaction } from '@lifeos/postgres';
import { Caller, CLOCK, type Clock, Commands, DATABASE, Forbidden, localDay, mayActFor, pageFields, pathId, type Principal, text, valid } from '@lifeos/service';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { type DatedQuest, type ListedQuest, questById, questsOf } from '../read-models/quest-list.js';
import { type QuestStatistics, questStatisticsOf } from '../read-models/quest-statistics.js';
import { anyPrerequisiteOpen } from './check-dependencies.js';
import { deadlineOf } from './deadline.js';
import { QuestNotFound } from './errors.js';
import { newQuestBody, type QuestChange, questChangeBody } from './new-quest.js';
import { ofCommand } from './origin.js';
import { QuestFlow } from './quest-flow.js';
import { type LoadedQuest, QuestStream } from './quest-stream.js';
import {
  activateQuest, completeQuest, createQuest, failQuest, type NewQuest, pauseQuest, type Quest, type QuestEvent, questStatuses, questTypes,
} from './quest.js';
import { deleteQuest } from './quest-wording.js';
import { changeWording } from './reword-quest.js';

const person = z.object({ user_id: pathId });
const oneQuest = z.object({ quest_id: pathId });
const filter = z.object({ type: z.enum(questTypes).optional(), status: z.enum(questStatuses).optional(), ...pageFields });
const failure = z.object({ reason: text(1, 500) });

type QuestPath = z.infer<typeof oneQuest>;
type Step = (quest: Quest, at: Date, tx: Transaction) => QuestEvent[] | Promise<QuestEvent[]>;

@Controller('quests')
export class QuestController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly commands: Commands,
    private readonly stream: QuestStream,
    private readonly flow: QuestFlow,
  ) {}

  /** */
  @Get(':user_id')
  async list(
    @Param(valid(person)) { user_id }: z.infer<typeof person>,
    @Query(valid(filter)) wanted: z.infer<typeof filter>,
  ): Promise<{ quests: ListedQuest[] }> {
    const quests = await questsOf(this.database, user_id, wanted);
    return { quests: quests.map((quest) => this.listed(quest)) };
  }

  /** */
  @Get('statistics/:user_id')
  async statistics(@Param(valid(person)) { user_id }: z.infer<typeof person>): Promise<QuestStatistics> {
    return questStatisticsOf(this.database, user_id, this.clock.now());
  }

  /** */
  @Post()
  async create(@Body(valid(newQuestBody)) wish: NewQuest): Promise<ListedQuest> {
    const at = this.clock.now();
    const id = await this.commands.execute({ keys: [wish.user_id] }, async (tx) => {
      const prerequisitesOpen = await anyPrerequisiteOpen(tx, wish.user_id, wish);
      if (wish.status === 'active' && !prerequisitesOpen) await this.flow.requireRoom(tx, wish.user_id);
      const quest_id = await this.stream.nextId(tx);
      await this.stream.append(tx, null, createQuest({ quest_id, wish, prerequisitesOpen }), ofCommand(at));
      return quest_id;
    });
    return this.view(id);
  }

  /** */
  @Put(':quest_id/complete')
  async complete(@Param(valid(oneQuest)) { quest_id }: QuestPath, @Caller() caller: Principal): Promise<ListedQuest> {
    return this.change(quest_id, caller, (quest, at) => completeQuest(quest, { at, automatically: false }));
  }

  /** */
  @Put(':quest_id/fail')
  async fail(
    @Param(valid(oneQuest)) { quest_id }: QuestPath,
    @Body(valid(failure)) { reason }: z.infer<typeof failure>,
    @Caller() caller: Principal,
  ): Promise<ListedQuest> {
    return this.change(quest_id, caller, (quest, at) => failQuest(quest, { at, reason }));
  }

  /** */
  @Put(':quest_id/pause')
  async pause(@Param(valid(oneQuest)) { quest_id }: QuestPath, @Caller() caller: Principal): Promise<ListedQuest> {
    return this.change(quest_id, caller, pauseQuest);
  }

  /** */
  @Put(':quest_id/activate')
  async activate(@Param(valid(oneQuest)) { quest_id }: QuestPath, @Caller() caller: Principal): Promise<ListedQuest> {
    return this.change(quest_id, caller, async (quest, at, tx) => {
      const events = activateQuest(quest, at);
      await this.flow.requireRoom(tx, quest.user_id);
      return events;
    });
  }

  /** publishes X-E-5. */
  @Patch(':quest_id')
  async reword(@Param(valid(oneQuest)) { quest_id }: QuestPath, @Body(valid(questChangeBody)) change: QuestChange, @Caller() caller: Principal): Promise<ListedQuest> {
    return this.change(quest_id, caller, async (quest, _at, tx) => changeWording(tx, quest, await this.worded(tx, quest_id), change));
  }

  /** publishes X-E-5 with `deleted`. */
  @Delete(':quest_id')
  @HttpCode(204)
  async remove(@Param(valid(oneQuest)) { quest_id }: QuestPath, @Caller() caller: Principal): Promise<void> {
    await this.step(quest_id, caller, async (quest, _at, tx) => deleteQuest(quest, await this.worded(tx, quest_id)));
  }

  private async change(questId: number, caller: Principal, step: Step): Promise<ListedQuest> {
    await this.step(questId, caller, step);
    return this.view(questId);
  }

  private async step(questId: number, caller: Principal, step: Step): Promise<void> {
    // The key to lock is the owner's, who never changes.
    const { user_id } = await this.worded(this.database, questId);
    if (!mayActFor(caller, user_id)) throw new Forbidden(`Quest ${questId} belongs to another user.`);
    const at = this.clock.now();
    await this.commands.execute({ keys: [user_id] }, async (tx) => {
      const loaded: LoadedQuest | null = await this.stream.load(tx, questId);
      if (!loaded) throw new QuestNotFound(questId);
      const events = await step(loaded.quest, at, tx);
      if (events.length > 0) await this.flow.append(tx, loaded, events, ofCommand(at));
    });
  }

  private async view(questId: number): Promise<ListedQuest> {
    return this.listed(await this.worded(this.database, questId));
  }

  private async worded(db: Pick<Database, 'query'>, questId: number): Promise<DatedQuest> {
    const view = await questById(db, questId);
    if (!view) throw new QuestNotFound(questId);
    return view;
  }

  private listed({ time_zone, ...quest }: DatedQuest): ListedQuest {
    return { ...quest, ...deadlineOf(quest, localDay(this.clock.now(), time_zone)) };
  }
}
