import type { Database } from '@lifeos/postgres';
import { DATABASE, pathId, valid } from '@lifeos/service';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { promptsOf, type SuggestedPrompt } from '../read-models/prompts.js';

const person = z.object({ user_id: pathId });
const page = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) });

@Controller('journal/prompts')
export class PromptController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** the newest first, 50 unless `limit` says otherwise. */
  @Get(':user_id')
  async list(
    @Param(valid(person)) { user_id }: z.infer<typeof person>,
    @Query(valid(page)) { limit }: z.infer<typeof page>,
  ): Promise<{ prompts: SuggestedPrompt[] }> {
    return { prompts: await promptsOf(this.database, user_id, limit) };
  }
}
