import { ReflectionPromptSuggested } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import type { Queryable } from '@lifeos/postgres';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { isoTime, listOf } from './rows.js';

/** D-7: a question that journal suggests to think about. */
export interface Prompt {
  readonly prompt_id: number;
  readonly prompt_text: string;
  readonly category: string;
  readonly suggested_at: string;
}

/** The newest five. */
export const newestPrompts = `SELECT prompt_id, prompt_text, category, ${isoTime('suggested_at')} AS suggested_at FROM prompts WHERE user_id = $1
  ORDER BY prompts.suggested_at DESC, prompt_id DESC LIMIT 5`;

export function promptsOf(source: Queryable, userId: number): Promise<Prompt[]> {
  return listOf(source, newestPrompts, userId);
}

@Controller()
export class Prompts {
  @Handles(ReflectionPromptSuggested, { name: 'show-prompt-when-reflection-prompt-suggested', versions: '^1.0.0', from: 'beginning', batch: true })
  async suggested(@Payload() events: readonly EventOf<typeof ReflectionPromptSuggested>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const sql = `INSERT INTO prompts (user_id, prompt_id, prompt_text, category, suggested_at)
      SELECT user_id, prompt_id, prompt_text, prompt_category, at
      FROM json_to_recordset($1::json) AS n(user_id bigint, prompt_id bigint, prompt_text text, prompt_category text, at timestamptz)
      ON CONFLICT (user_id, prompt_id) DO NOTHING`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload, timestamp }) => ({ ...payload, at: timestamp })))]);
  }
}
