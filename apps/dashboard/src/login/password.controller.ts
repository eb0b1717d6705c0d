import { Body, Controller, HttpCode, Inject, Ip, Param, Put } from '@nestjs/common';
import type { Database } from '@lifeos/postgres';
import { AlsoAnswers, Commands, DATABASE, valid } from '@lifeos/service';
import type { z } from 'zod';
import { hashPassword } from '../user/password.js';
import { passwordChange, userPath, type UserPath } from '../user/requests.js';
import { findPasswordHash, storePasswordHash } from '../user/user-store.js';
import { LoginGuard } from './login-guard.js';
import { WrongCredentials } from './login-throttle.js';

/** a new password for whoever knows the one before. */
@Controller('dashboard/users/:user_id/password')
export class PasswordController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly commands: Commands,
    private readonly guard: LoginGuard,
  ) {}

  @Put()
  @HttpCode(204)
  @AlsoAnswers(429)
  async change(@Param(valid(userPath)) { user_id }: UserPath, @Body(valid(passwordChange)) body: z.infer<typeof passwordChange>, @Ip() address: string): Promise<void> {
    const { current_password, new_password } = body;
    const attempt = { account: `password:${user_id}`, address };
    const { passwordHash: checked } = await this.guard.check(attempt, current_password, () => this.loginOf(user_id));
    const passwordHash = await hashPassword(new_password);
    await this.commands.execute({ keys: [user_id] }, async (tx) => {
      // Of two changes at once only the first knew the password of its moment.
      if ((await findPasswordHash(tx, user_id)) === checked) await storePasswordHash(tx, user_id, passwordHash);
      else throw new WrongCredentials();
    });
  }

  private async loginOf(userId: number): Promise<{ passwordHash: string } | null> {
    const passwordHash = await findPasswordHash(this.database, userId);
    return passwordHash === null ? null : { passwordHash };
  }
}
