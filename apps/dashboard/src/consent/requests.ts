import { consentPurposes, pathId, sensitiveEventNames } from '@lifeos/service';
import { z } from 'zod';

const answer = z.boolean('is not true or false');

export const person = z.object({ user_id: pathId });

/** V-1; core functionality needs no consent, so there is none to give (V-3). */
export const purposeDecision = z.object({ purpose: z.enum(consentPurposes, `is not one of ${consentPurposes.join(', ')}`), granted: answer });

/** V-5: only what needs consent can be allowed or refused. */
export const eventDecision = z.object({
  event_type: z.enum(sensitiveEventNames, `is not an event that needs consent: ${sensitiveEventNames.join(', ')}`),
  allowed: answer,
});

export type Person = z.infer<typeof person>;
export type PurposeDecision = z.infer<typeof purposeDecision>;
export type EventDecision = z.infer<typeof eventDecision>;
