import type { JsonObject } from '@lifeos/contracts';
import type { LetterFilter } from '@lifeos/delivery';
import { z } from 'zod';
import { text } from '../http/validation.js';

/** A letter's number, or `relay:<event id>`. */
const letterId = z.string().regex(/^(\d{1,18}|relay:[0-9a-f-]{36})$/, 'is no id of a dead letter');
const name = text(1, 255);

const filterFields = {
  id: letterId.optional(),
  handler: name.optional(),
  topic: name.optional(),
  key: text(0, 255).optional(),
  reason: name.optional(),
  event_type: name.optional(),
  event_id: z.uuid('is no UUID').optional(),
  status: z.enum(['waiting', 'exhausted', 'follower'], { error: 'is not waiting, exhausted or follower' }).optional(),
};
const filter = z.object(filterFields);

/** In a query everything is text. */
const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `is not between ${least} and ${most}`);
const cursor = z.string().regex(/^(\d{1,18}|relay)$/, 'is no `next` of an earlier answer').optional();
const why = text(1, 1_000);

export const letterPath = z.object({ id: letterId });
export const exportQuery = filter;
export const listQuery = z.object({ ...filterFields, after: cursor, limit: number(1, 1_000).optional() });
export const auditQuery = z.object({ before: z.string().regex(/^\d{1,18}$/, 'is no id of the audit').optional(), limit: number(1, 1_000).optional() });
export const retryBody = z.object({
  filter: filter.strict().default({}),
  all: z.boolean('is neither true nor false').optional(),
  dry_run: z.boolean('is neither true nor false').optional(),
  cap: z.int('is not a whole number').min(1, 'is below 1').max(1_000_000, 'is above 1000000').optional(),
  after: z.string().regex(/^\d{1,18}$/, 'is no `next` of an earlier answer').optional(),
  retries: z.int('is not a whole number').min(1, 'is below 1').max(1_000, 'is above 1000').optional(),
  reason: why.optional(),
});
export const editBody = z.object({
  payload: z.record(z.string(), z.json()).transform((value) => value as JsonObject),
  reason: why.optional(),
});
export const skipBody = z.object({ reason: why });

export type ListQuery = z.infer<typeof listQuery>;
export type RetryBody = z.infer<typeof retryBody>;

export function letterFilter({ id, handler, topic, key, reason, event_type: eventType, event_id: eventId, status }: z.infer<typeof filter>): LetterFilter {
  const all = { id, handler, topic, key, reason, eventType, eventId, status };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
