import { z } from 'zod';

/** Whole milliseconds (or another count) within bounds, read from text. */
export function wholeNumber(min: number, max: number, initial: number, description: string) {
  return z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(min, `is below ${min}`)
    .max(max, `is above ${max}`)
    .default(initial)
    .meta({ description, example: initial });
}

/** `true` or `false`, read from text. */
export function flag(initial: boolean, description: string) {
  return z
    .enum(['true', 'false'], { error: 'is neither true nor false' })
    .default(initial ? 'true' : 'false')
    .transform((text) => text === 'true')
    .meta({ description, example: String(initial) });
}

/** A text that must be given. */
export function required(description: string, example: string) {
  return z.string().min(1).meta({ description, example });
}

/** A URL of one of the given schemes that must be given. */
export function url(schemes: readonly string[], description: string, example: string) {
  const fits = (text: string): boolean => schemes.some((scheme) => text.startsWith(`${scheme}://`)) && URL.canParse(text);
  return z.string().refine(fits, `is not a URL with ${schemes.join(' or ')}`).meta({ description, example });
}
