import { text } from '@lifeos/service';
import { z } from 'zod';
import { asDecimal, categories, largestValue, lifeStatName, subcategoriesOf } from './life-stats.js';

const decimal = z
  .number('is not a number')
  .min(-largestValue, `is below ${-largestValue}`)
  .max(largestValue, `is above ${largestValue}`)
  .refine((value) => Math.abs(value) > largestValue || asDecimal(value) === value, 'has more than 4 decimal places');

/** Body of PUT /stats/life-stats/{user_id}: a target of null takes it away, one left out stays. */
export const entryBody = z
  .strictObject({
    category: z.enum(categories),
    subcategory: z.string('is not a text'),
    value: decimal,
    target: decimal.min(0, 'is below 0').nullable().optional(),
    unit: text(0, 50).optional(),
    notes: text(0, 2000).default(''),
  })
  .superRefine(({ category, subcategory }, { addIssue }) => {
    if (lifeStatName(category, subcategory)) return;
    addIssue({ code: 'custom', path: ['subcategory'], message: `is no part of ${category}: ${subcategoriesOf(category).join(', ')}` });
  });

export type EntryBody = z.infer<typeof entryBody>;
