import { Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import type { Database } from '@lifeos/postgres';
import { Caller, CLOCK, DATABASE, Forbidden, mayActFor, NotFound, pageFields, pathId, valid, type Clock, type Principal } from '@lifeos/service';
import { z } from 'zod';
import { markAsRead, noticesOf, ownerOfNotice, unreadCountOf } from './notice-store.js';

const userPath = z.object({ user_id: pathId });
const noticePath = z.object({ notification_id: pathId });
const page = z.object(pageFields);

/** what the user has been told. */
@Controller('dashboard/notifications')
export class NotificationsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':user_id')
  async list(@Param(valid(userPath)) { user_id }: z.infer<typeof userPath>, @Query(valid(page)) { limit, offset }: z.infer<typeof page>) {
    const now = this.clock.now();
    const [notifications, unread_count] = await Promise.all([
      noticesOf(this.database, user_id, { now, limit, offset }),
      unreadCountOf(this.database, user_id, now),
    ]);
    return { user_id, unread_count, notifications };
  }

  @Put(':notification_id/read')
  async read(@Param(valid(noticePath)) { notification_id }: z.infer<typeof noticePath>, @Caller() caller: Principal) {
    const owner = await ownerOfNotice(this.database, notification_id);
    if (owner === null) throw new NotFound(`There is no notification ${notification_id}.`);
    if (!mayActFor(caller, owner)) throw new Forbidden(`Notification ${notification_id} belongs to another user.`);
    await markAsRead(this.database, notification_id, this.clock.now());
    return { notification_id, read: true };
  }
}
