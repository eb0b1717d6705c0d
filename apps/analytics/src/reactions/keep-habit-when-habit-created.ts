import { HabitCreated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { addHabits } from '../read-models/productivity.js';

@Controller()
export class KeepHabitWhenHabitCreated {
  @Handles(HabitCreated, { name: 'keep-habit-when-habit-created', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof HabitCreated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await addHabits(tx, events.map(({ payload: { user_id: userId, habit_id: habitId, frequency } }) => ({ userId, habitId, frequency, deleted: false })));
  }
}
