import { HabitCompleted } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { countHabitDays, saveHabits } from '../read-models/productivity.js';
import { addToSums } from '../series/series-store.js';

@Controller()
export class CountHabitWhenHabitCompleted {
  @Handles(HabitCompleted, { name: 'count-habit-when-habit-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof HabitCompleted>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const done = events.map(({ payload: { user_id: userId, habit_id: habitId, completion_date: day, frequency }, timestamp: at }) => ({ userId, habitId, day, frequency, at }));
    await saveHabits(tx, done.map((completion) => ({ ...completion, deleted: false })));
    await countHabitDays(tx, done);
    await addToSums(tx, done.map(({ userId, day, at }) => ({ userId, series: 'habit_completions', day, value: 1, at })));
  }
}
