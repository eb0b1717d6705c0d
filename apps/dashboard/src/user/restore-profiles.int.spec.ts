import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UserProfileUpdated, UserRegistered } from '@lifeos/contracts';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { RestoreProfileWhenRebuilt } from '../reactions/restore-profile-when-rebuilt.js';
import { findLogin, findUser, insertUser, updateProfile } from './user-store.js';

const minute = (n: number) => new Date(Date.UTC(2026, 10, 21, 12, n));
const restore = new RestoreProfileWhenRebuilt();
let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const registered = (user_id: number, email = `p${user_id}@example.org`) => eventOf(UserRegistered, { user_id, email, time_zone: 'Europe/Vienna', registration_timestamp: minute(0) }, minute(0));
const updated = (user_id: number, updated_fields: Record<string, unknown>, at: Date) =>
  eventOf(UserProfileUpdated, { user_id, updated_fields, previous_values: Object.fromEntries(Object.keys(updated_fields).map((field) => [field, null])) }, at);

describe('a rebuilt dashboard', () => {
  it('E-1, E-2: has each profile as far as the own events tell, without a way to log in', async () => {
    const user = ++person;
    await bench.handle(restore, registered(user), updated(user, { first_name: 'Ada', birth_date: '1990-12-10', bio: 'a' }, minute(1)), updated(user, { bio: null, email: `new${user}@example.org` }, minute(2)));
    expect(await findUser(bench.database, user)).toEqual({
      ...{ user_id: user, username: null, email: `new${user}@example.org`, time_zone: 'Europe/Vienna', first_name: 'Ada', last_name: null },
      ...{ bio: null, location: null, birth_date: '1990-12-10', registered_at: minute(0) },
    });
    expect(await findLogin(bench.database, 'email', `new${user}@example.org`)).toBeNull();
  });

  it('E-2: comes to the same when events are read again or cut into batches', async () => {
    const user = ++person;
    const events = [registered(user), updated(user, { bio: 'old' }, minute(1)), updated(user, { bio: 'new' }, minute(2))];
    for (const event of [...events, ...events]) await bench.handle(restore, event);
    expect((await findUser(bench.database, user))?.bio).toBe('new');
  });

  it('E-1: takes an address that its last owner has given up, whoever is read first', async () => {
    const [one, other] = [++person, ++person];
    await bench.handle(restore, registered(one, 'shared@example.org'), registered(other, 'shared@example.org'), updated(one, { email: 'own@example.org' }, minute(1)));
    expect([(await findUser(bench.database, one))?.email, (await findUser(bench.database, other))?.email]).toEqual(['own@example.org', 'shared@example.org']);
  });

  it('E-2: leaves a profile alone that knows the change already, and later ones', async () => {
    const user = ++person;
    const nobody = { first_name: null, last_name: null, bio: null, location: null, birth_date: null };
    const ada = { ...nobody, user_id: user, username: 'ada', email: 'ada@example.org', time_zone: 'UTC', registered_at: minute(0) };
    const at = await bench.database.transaction({ keys: [String(user)] }, async (tx) => {
      await insertUser(tx, ada, 'hash');
      await updateProfile(tx, { ...ada, bio: 'first' }, minute(5));
      // The business clock was set back: the change still comes after the one before.
      return updateProfile(tx, { ...ada, bio: 'second' }, minute(1));
    });
    expect(at).toEqual(new Date(minute(5).getTime() + 1));
    await bench.handle(restore, registered(user), updated(user, { bio: 'first' }, minute(5)));
    expect(await findUser(bench.database, user)).toMatchObject({ username: 'ada', bio: 'second', time_zone: 'UTC' });
  });

  it('E-2: brings a profile from an older backup up to date', async () => {
    const user = ++person;
    await bench.database.query(`INSERT INTO users (user_id, username, email, password_hash, time_zone, registered_at) VALUES ($1, 'bob', 'bob@example.org', 'hash', 'UTC', $2)`, [user, minute(0)]);
    await bench.handle(restore, registered(user), updated(user, { first_name: 'Bob' }, minute(1)));
    expect(await findUser(bench.database, user)).toMatchObject({ username: 'bob', first_name: 'Bob' });
  });
});
