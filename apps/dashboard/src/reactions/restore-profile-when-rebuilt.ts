import { UserProfileUpdated, UserRegistered } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { restoreProfiles, type ProfileEvent } from '../user/restore-profiles.js';

/** Our own events, read back when the database was rebuilt: profiles as far as they tell. Both types together, since one builds on the other. */
@Controller()
export class RestoreProfileWhenRebuilt {
  @Handles([UserRegistered, UserProfileUpdated], { name: 'restore-profile-when-rebuilt', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly ProfileEvent[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await restoreProfiles(tx, events);
  }
}
