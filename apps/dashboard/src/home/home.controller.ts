import { Controller, Get, Inject, Param } from '@nestjs/common';
import type { Database } from '@lifeos/postgres';
import { CLOCK, DATABASE, localDay, valid, type Clock } from '@lifeos/service';
import { userPath, type UserPath } from '../user/requests.js';
import { homeStatement, type HomeRow } from './home-statement.js';
import { homeView } from './home-view.js';

/** R-21, D-7: everything at a glance, from local copies; a user without any data gets an empty home. */
@Controller('dashboard/home')
export class HomeController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':user_id')
  async home(@Param(valid(userPath)) { user_id }: UserPath) {
    const now = this.clock.now();
    const { rows } = await this.database.query<HomeRow>(homeStatement, [user_id, now]);
    const [row] = rows;
    if (!row) throw new Error('Home is one row, and none came.');
    return { user_id, ...homeView(row, localDay(now, row.time_zone)) };
  }
}
