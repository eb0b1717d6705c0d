import { pathId, text } from '@lifeos/service';
import { z } from 'zod';

const timeZone = z.string('is not a text').refine(isTimeZone, 'is not an IANA time zone');
const email = z
  .string('is not a text')
  .max(254, 'has more than 254 characters')
  .regex(/^[^@\s]+@[^@\s]+$/, 'is not an e-mail address');
const birthDate = z.iso.date('is not a date as YYYY-MM-DD').refine((day) => day >= '1900-01-01', 'is before 1900');

const newPassword = text(12, 200);
const givenPassword = text(0, 200);

/** D-1. */
export const newUser = z.object({
  username: text(3, 50),
  email,
  password: newPassword,
  time_zone: timeZone.default('UTC'),
});

/** D-3; null clears a field. */
export const profileChange = z.object({
  first_name: text(1, 100).nullish(),
  last_name: text(1, 100).nullish(),
  email: email.optional(),
  bio: text(1, 2000).nullish(),
  location: text(1, 200).nullish(),
  birth_date: birthDate.nullish(),
  time_zone: timeZone.optional(),
});

/** Either the user name or the e-mail address says who. */
export const credentials = z
  .strictObject({ username: text(0, 50).optional(), email: email.optional(), password: givenPassword })
  .refine(({ username, email: address }) => (username === undefined) !== (address === undefined), { error: 'either this or email is needed', path: ['username'] });

/** */
export const passwordChange = z.object({ current_password: givenPassword, new_password: newPassword });

export const userPath = z.object({ user_id: pathId });

export type NewUser = z.infer<typeof newUser>;
export type Credentials = z.infer<typeof credentials>;
export type UserPath = z.infer<typeof userPath>;

function isTimeZone(name: string): boolean {
  try {
    // Offsets such as +01:00 pass here too, but name no zone.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
