import { JournalEntryCreated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { dayOf } from '../series/days.js';
import { addToMeans, addToSums, type Reading } from '../series/series-store.js';

@Controller()
export class KeepSeriesWhenJournalEntryCreated {
  @Handles(JournalEntryCreated, { name: 'keep-series-when-journal-entry-created', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof JournalEntryCreated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const readingOf = ({ payload, timestamp: at }: (typeof events)[number], series: string, value: number): Reading => ({ userId: payload.user_id, series, day: dayOf(at), value, at });
    await addToMeans(tx, events.flatMap((event) => (event.payload.mood_rating === null ? [] : [readingOf(event, 'mood', event.payload.mood_rating)])));
    await addToSums(tx, events.map((event) => readingOf(event, 'words', event.payload.word_count)));
  }
}
