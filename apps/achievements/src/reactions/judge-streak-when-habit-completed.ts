import { HabitCompleted, HabitStreakAchieved } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { recogniseGrowth } from '../achievement/recognition.js';
import { type Growth, isEarly } from '../achievement/user-context.js';

type HabitEvent = EventOf<typeof HabitCompleted> | EventOf<typeof HabitStreakAchieved>;

/** One handler for both, since both tell of the same streak: so they are judged in the order in which they happened. */
@Controller()
export class JudgeStreakWhenHabitCompleted {
  @Handles([HabitCompleted, HabitStreakAchieved], { name: 'judge-streak-when-habit-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly HabitEvent[], @Ctx() context: HandlerContext): Promise<void> {
    await recogniseGrowth(
      context,
      events.map((event) => ({ cause: event, userId: event.payload.user_id, growth: growthBy(event) })),
    );
  }
}

/** Early by the event's own time: the day alone says nothing of the hour. */
function growthBy({ type, timestamp, payload }: HabitEvent): Growth {
  const completions = type.name === HabitCompleted.name && isEarly(timestamp) ? 1 : 0;
  return { reach: { longest_streak: payload.streak_count }, add: { early_completions: completions } };
}
