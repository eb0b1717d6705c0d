import { Body, Controller, Get, Inject, Param, Patch, Post } from '@nestjs/common';
import { UserProfileUpdated, UserRegistered } from '@lifeos/contracts';
import type { Database, Queryable, Transaction } from '@lifeos/postgres';
import { CLOCK, Commands, DATABASE, Public, valid, type Clock } from '@lifeos/service';
import type { z } from 'zod';
import { levelBar } from '../experience/level.js';
import { totalOf } from '../experience/experience-store.js';
import { EmailTaken, UserNotFound } from './errors.js';
import { hashPassword } from './password.js';
import { newUser, profileChange, userPath, type NewUser, type UserPath } from './requests.js';
import { allocateUserId, findUser, holdersOf, insertUser, isEmailOfAnother, updateProfile } from './user-store.js';
import { differenceOf, requireFree, type ProfileChange, type User } from './user.js';

type ProfileBody = z.infer<typeof profileChange>;

/** sign-up and the own profile. */
@Controller('dashboard/users')
export class UsersController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly commands: Commands,
  ) {}

  @Post()
  @Public()
  async register(@Body(valid(newUser)) { password, ...wanted }: NewUser) {
    const passwordHash = await hashPassword(password);
    const user = { ...nobody, ...wanted, user_id: await allocateUserId(this.database), registered_at: this.clock.now() };
    const registered = await this.commands.execute({ keys: [nameKey(user.username), emailKey(user.email), user.user_id] }, async (tx, raise) => {
      requireFree(user, await holdersOf(tx, user.username, user.email));
      await insertUser(tx, user, passwordHash);
      const { user_id, email, time_zone, registered_at } = user;
      raise(UserRegistered, { user_id, email, time_zone, registration_timestamp: registered_at }, registered_at);
      return user;
    });
    return { ...registered, ...levelBar(0) };
  }

  @Get(':user_id')
  async profile(@Param(valid(userPath)) { user_id }: UserPath) {
    return this.profileOf(this.database, user_id);
  }

  @Patch(':user_id')
  async change(@Param(valid(userPath)) { user_id }: UserPath, @Body(valid(profileChange)) change: ProfileBody) {
    const keys = change.email === undefined ? [user_id] : [user_id, emailKey(change.email)];
    return this.commands.execute({ keys }, async (tx, raise) => {
      const user = await requireUser(tx, user_id);
      const difference = differenceOf(user, change as ProfileChange);
      if (difference) {
        if ('email' in difference.updated_fields) await requireFreeEmail(tx, change.email ?? '', user_id);
        const at = await updateProfile(tx, { ...user, ...difference.updated_fields }, this.clock.now());
        raise(UserProfileUpdated, { user_id, ...difference }, at);
      }
      return this.profileOf(tx, user_id);
    });
  }

  private async profileOf(source: Queryable, userId: number) {
    const user = await requireUser(source, userId);
    return { ...user, ...levelBar(await totalOf(source, userId)) };
  }
}

const nobody = { first_name: null, last_name: null, bio: null, location: null, birth_date: null };

/** Two sign-ups for one name or address come one after the other. */
const nameKey = (userName: string): string => `user-name:${userName.toLowerCase()}`;
const emailKey = (email: string): string => `email:${email.toLowerCase()}`;

async function requireUser(source: Queryable, userId: number): Promise<User> {
  const user = await findUser(source, userId);
  if (!user) throw new UserNotFound(userId);
  return user;
}

async function requireFreeEmail(tx: Transaction, email: string, userId: number): Promise<void> {
  if (await isEmailOfAnother(tx, email, userId)) throw new EmailTaken();
}
