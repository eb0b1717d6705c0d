import type { Database } from '@lifeos/postgres';
import { Caller, DATABASE, pathId, type Principal, valid } from '@lifeos/service';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { z } from 'zod';
import { earnedBy, nextGoalsOf } from '../read-models/earned.js';
import { type AchievementDefinition, achievements, rewardOf } from './definitions.js';

const person = z.object({ user_id: pathId });

@Controller('achievements')
export class AchievementController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** every achievement that is not hidden, and what the caller is near to. */
  @Get('available-achievements')
  async available(@Caller() caller: Principal) {
    return {
      achievements: achievements.filter(({ hidden }) => !hidden).map(shown),
      next_goals: await nextGoalsOf(this.database, caller.userId),
    };
  }

  /** what a person has been given, and how far the rest is. */
  @Get(':user_id')
  async earned(@Param(valid(person)) { user_id }: z.infer<typeof person>) {
    return earnedBy(this.database, user_id);
  }
}

function shown(achievement: AchievementDefinition) {
  const { achievement_id, name, description, icon, category, tier } = achievement;
  const experience_reward = rewardOf(achievement);
  const requirements = achievement.requirements.map(({ measure, atLeast }) => ({ measure, at_least: atLeast }));
  return { achievement_id, name, description, icon, category, tier, experience_reward, requirements };
}
