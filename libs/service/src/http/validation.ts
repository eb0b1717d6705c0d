import type { PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { Invalid, type Fault } from './problems.js';

/**
 * Checks a part of a request: `@Body(valid(newQuest)) body: z.infer<typeof newQuest>`. All faults are
 * answered at once with 400; fields that the schema lacks are refused, so is text PostgreSQL cannot hold.
 */
export function valid<S extends z.ZodType>(schema: S): PipeTransform<unknown, z.infer<S>> & Validating {
  const strict: z.ZodType = schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
  return {
    schema: strict,
    transform(value) {
      const { faults, data } = check(strict, value);
      if (faults.length > 0) throw invalidRequest(faults);
      return data as z.infer<S>;
    },
  };
}

/** Everything wrong with a part of a request. */
export const faultsIn = (schema: z.ZodType, value: unknown): readonly Fault[] => check(schema, value).faults;

function check(schema: z.ZodType, value: unknown): { readonly faults: readonly Fault[]; readonly data: unknown } {
  const given = value ?? {};
  const answer = schema.safeParse(given);
  return { faults: [...textFaults(given, ''), ...(answer.error?.issues ?? []).flatMap((issue) => faultsOf(issue, given))], data: answer.data };
}

export const invalidRequest = (faults: readonly Fault[]): Invalid => new Invalid(summaryOf(faults), faults);

/** A pipe that says what it checks by. */
interface Validating {
  readonly schema: z.ZodType;
}

/** The schema of a pipe that `valid` made, null of any other. */
export function schemaOf(pipe: unknown): z.ZodType | null {
  return typeof pipe === 'object' && pipe !== null && 'schema' in pipe && pipe.schema instanceof z.ZodType ? pipe.schema : null;
}

/** An id in a path or query, where everything is text. */
export const pathId = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'is not a whole number above 0')
  .transform(Number)
  .refine(Number.isSafeInteger, 'is above the largest id');

/** An id in a JSON body. */
export const bodyId = z.int('is not a whole number within the safe range').positive('is not above 0');

/** Text of `min` to `max` characters, counted as people and PostgreSQL count them (an emoji is one), that is not blank. */
export function text(min: number, max: number) {
  return z
    .string('is not a text')
    .refine((value) => lengthOf(value) >= min, `has fewer than ${min} characters`)
    .refine((value) => lengthOf(value) <= max, `has more than ${max} characters`)
    .refine((value) => min === 0 || value.trim() !== '', 'is blank')
    .meta({ minLength: min, maxLength: max });
}

const lengthOf = (value: string): number => (/[\uD800-\uDBFF]/.test(value) ? [...value].length : value.length);

/** Fields of a query that asks for a part of a list: `limit` 1 to 200, default 50, and `offset`, default 0. */
export const pageFields = {
  limit: wholeText(1, 200).default(50),
  offset: wholeText(0, 1_000_000_000).default(0),
};

function wholeText(min: number, max: number) {
  return z.coerce.number('is not a number').int('is not a whole number').min(min, `is below ${min}`).max(max, `is above ${max}`);
}

function faultsOf(issue: z.core.$ZodIssue, given: unknown): Fault[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') {
    return [{ field: path.join('.'), message: valueAt(given, path) === undefined ? 'is missing' : issue.message }];
  }
  return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not a known field' }));
}

function valueAt(given: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), given);
}

/** The null byte and lone surrogates pass JSON but no PostgreSQL text column. */
function textFaults(value: unknown, path: string): Fault[] {
  if (typeof value === 'string') {
    if (value.includes('\0')) return [{ field: path, message: 'contains a null byte' }];
    return !/\p{Surrogate}/u.test(value) ? [] : [{ field: path, message: 'is not well-formed Unicode' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => textFaults(child, path ? `${path}.${key}` : key));
}

function summaryOf(faults: readonly Fault[]): string {
  return `The request has ${faults.length === 1 ? 'one fault' : `${faults.length} faults`}: ${faults.map(({ field, message }) => `${field || 'body'} ${message}`).join('; ')}.`;
}
