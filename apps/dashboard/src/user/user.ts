import { EmailTaken, NothingToChange, UserNameTaken } from './errors.js';

/** A person as dashboard keeps him; the password's hash is kept apart. */
export interface User {
  readonly user_id: number;
  /** Null: known from own events only, which do not tell it. */
  readonly username: string | null;
  readonly email: string;
  readonly time_zone: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly bio: string | null;
  readonly location: string | null;
  /** YYYY-MM-DD. */
  readonly birth_date: string | null;
  readonly registered_at: Date;
}

/** D-3: what can change after sign-up. */
export type ProfileChange = Partial<Pick<User, 'first_name' | 'last_name' | 'email' | 'bio' | 'location' | 'birth_date' | 'time_zone'>>;

/** E-2's content: the fields that differ, before and after. */
export interface ProfileDifference {
  readonly updated_fields: Record<string, string | null>;
  readonly previous_values: Record<string, string | null>;
}

/** What else holds a name or an address that somebody wants. */
export interface Holders {
  readonly username: boolean;
  readonly email: boolean;
}

/** D-1. @throws UserNameTaken, EmailTaken */
export function requireFree(wanted: { readonly username: string }, taken: Holders): void {
  if (taken.username) throw new UserNameTaken(wanted.username);
  if (taken.email) throw new EmailTaken();
}

/** D-3: what a change changes; null when everything is as before, which is no event. @throws NothingToChange */
export function differenceOf(user: User, change: ProfileChange): ProfileDifference | null {
  const stated = Object.entries(change).filter((entry): entry is [keyof ProfileChange, string | null] => entry[1] !== undefined);
  if (stated.length === 0) throw new NothingToChange();
  const changed = stated.filter(([field, value]) => user[field] !== value);
  if (changed.length === 0) return null;
  return {
    updated_fields: Object.fromEntries(changed),
    previous_values: Object.fromEntries(changed.map(([field]) => [field, user[field]])),
  };
}
