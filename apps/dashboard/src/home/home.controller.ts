import { Controller, Get, Inject, Param } from '@nestjs/common';
import type { Database } from '@lifeos/postgres';
import { DATABASE, valid } from '@lifeos/service';
import { totalOf } from '../experience/experience-store.js';
import { levelBar } from '../experience/level.js';
import { noticesOf, unreadCountOf } from '../notices/notice-store.js';
import { activeQuestsOf } from '../read-models/active-quests.js';
import { coreStatsOf } from '../read-models/core-stats.js';
import { latestAchievementsOf } from '../read-models/latest-achievements.js';
import { progressBarsOf } from '../read-models/progress-bars.js';
import { promptsOf } from '../read-models/prompts.js';
import { userPath, type UserPath } from '../user/requests.js';
import { setupHints } from './setup-hints.js';

const noticesShown = 10;

/** R-21, D-7: everything at a glance, from local copies; a user without any data gets an empty home. */
@Controller('dashboard/home')
export class HomeController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get(':user_id')
  async home(@Param(valid(userPath)) { user_id }: UserPath) {
    const { database } = this;
    const [total, active_quests, recent_achievements, core_stats, prompts, progress_bars, newest, unread_count] = await Promise.all([
      totalOf(database, user_id),
      activeQuestsOf(database, user_id),
      latestAchievementsOf(database, user_id),
      coreStatsOf(database, user_id),
      promptsOf(database, user_id),
      progressBarsOf(database, user_id),
      noticesOf(database, user_id, noticesShown, 0),
      unreadCountOf(database, user_id),
    ]);
    const notifications = { unread_count, newest: newest.filter(({ read }) => !read) };
    const hints = setupHints({ experience: total, activeQuests: active_quests.length });
    return { user_id, level: levelBar(total), core_stats, active_quests, recent_achievements, progress_bars, prompts, notifications, setup_hints: hints };
  }
}
