import { HabitChanged, HabitCreated } from '@lifeos/contracts';
import type { Database } from '@lifeos/postgres';
import { Caller, CLOCK, type Clock, Commands, DATABASE, Forbidden, localDay, mayActFor, pageFields, pathId, type Principal, timeZoneOf, valid } from '@lifeos/service';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { type HabitView, habitsOf, habitView } from '../read-models/habit-list.js';
import { type CompletionAnswer, recordCompletion } from './complete-habit.js';
import { HabitNotFound } from './errors.js';
import { deleteHabit, insertHabit, loadHabit, saveHabit, type StoredHabit } from './habit-store.js';
import { completionBody, type CompletionWish, type HabitChange, habitChangeBody, type NewHabit, newHabitBody } from './requests.js';

const person = z.object({ user_id: pathId });
const oneHabit = z.object({ habit_id: pathId });
const page = z.object(pageFields);

@Controller('quests/habits')
export class HabitController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly commands: Commands,
  ) {}

  /** R-11, H-11: oldest first. */
  @Get(':user_id')
  async list(
    @Param(valid(person)) { user_id }: z.infer<typeof person>,
    @Query(valid(page)) part: z.infer<typeof page>,
  ): Promise<{ habits: HabitView[] }> {
    return { habits: await habitsOf(this.database, user_id, { ...part, today: await this.todayOf(user_id) }) };
  }

  /** */
  @Post()
  async create(@Body(valid(newHabitBody)) wish: NewHabit): Promise<HabitView> {
    const { user_id, name, frequency, experience_reward } = wish;
    const at = this.clock.now();
    const id = await this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const habit_id = await insertHabit(tx, wish, at);
      raise(HabitCreated, { user_id, habit_id, name, frequency, experience_reward }, at);
      return habit_id;
    });
    return this.view(user_id, id);
  }

  /** */
  @Post(':habit_id/complete')
  @HttpCode(200)
  async complete(
    @Param(valid(oneHabit)) { habit_id }: z.infer<typeof oneHabit>,
    @Body(valid(completionBody)) wish: CompletionWish,
    @Caller() caller: Principal,
  ): Promise<CompletionAnswer> {
    const { user_id } = await this.own(habit_id, caller);
    const at = this.clock.now();
    return this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const habit = await loadHabit(tx, habit_id);
      if (!habit) throw new HabitNotFound(habit_id);
      return recordCompletion({ tx, raise, at }, habit, wish);
    });
  }

  /** publishes X-E-6 with the state as it is now. */
  @Patch(':habit_id')
  async change(
    @Param(valid(oneHabit)) { habit_id }: z.infer<typeof oneHabit>,
    @Body(valid(habitChangeBody)) change: HabitChange,
    @Caller() caller: Principal,
  ): Promise<HabitView> {
    const { user_id } = await this.own(habit_id, caller);
    await this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const before = await loadHabit(tx, habit_id);
      if (!before) throw new HabitNotFound(habit_id);
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      const habit: StoredHabit = { ...before, ...Object.fromEntries(given) };
      if (JSON.stringify(habit) === JSON.stringify(before)) return;
      await saveHabit(tx, habit);
      raise(HabitChanged, { user_id, habit_id, name: habit.name, frequency: habit.frequency, deleted: false });
    });
    return this.view(user_id, habit_id);
  }

  /** */
  @Delete(':habit_id')
  @HttpCode(204)
  async remove(@Param(valid(oneHabit)) { habit_id }: z.infer<typeof oneHabit>, @Caller() caller: Principal): Promise<void> {
    const { user_id } = await this.own(habit_id, caller);
    await this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const habit = await loadHabit(tx, habit_id);
      if (!habit) throw new HabitNotFound(habit_id);
      await deleteHabit(tx, habit_id, this.clock.now());
      raise(HabitChanged, { user_id, habit_id, name: habit.name, frequency: habit.frequency, deleted: true });
    });
  }

  private async own(habitId: number, caller: Principal): Promise<StoredHabit> {
    const habit = await loadHabit(this.database, habitId);
    if (!habit) throw new HabitNotFound(habitId);
    if (!mayActFor(caller, habit.user_id)) throw new Forbidden(`Habit ${habitId} belongs to another user.`);
    return habit;
  }

  private async view(userId: number, habitId: number): Promise<HabitView> {
    const view = await habitView(this.database, habitId, await this.todayOf(userId));
    if (!view) throw new HabitNotFound(habitId);
    return view;
  }

  private async todayOf(userId: number): Promise<string> {
    return localDay(this.clock.now(), await timeZoneOf(this.database, userId));
  }
}
