import { HabitChanged } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { saveHabits } from '../read-models/productivity.js';

@Controller()
export class KeepHabitWhenHabitChanged {
  @Handles(HabitChanged, { name: 'keep-habit-when-habit-changed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof HabitChanged>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await saveHabits(tx, events.map(({ payload: { user_id: userId, habit_id: habitId, frequency, deleted } }) => ({ userId, habitId, frequency, deleted })));
  }
}
