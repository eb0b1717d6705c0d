import { HabitCompleted } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { addSamples } from '../read-models/series-points.js';

/** J-3: on the day of the person's calendar that the event names. */
@Controller()
export class AddToSeriesWhenHabitCompleted {
  @Handles(HabitCompleted, { name: 'add-to-series-when-habit-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof HabitCompleted>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await addSamples(
      tx,
      events.map(({ payload }) => ({ userId: payload.user_id, at: new Date(payload.completion_date), series: 'habit_completions', value: 1 })),
    );
  }
}
