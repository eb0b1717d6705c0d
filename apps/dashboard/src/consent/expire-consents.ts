import { ConsentState } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { CLOCK, type Clock, type DailyJob, type JobContext, type PeoplePage } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { expire } from './consent.js';
import { consentsOf, peopleWithExpired, saveConsents, stateOf } from './consent-settings.js';

/** V-3: consents that last a year end by themselves. */
@Injectable()
export class ExpireConsents implements DailyJob {
  readonly name = 'expire-consents';
  readonly hoursAfterDay = 0;

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  peopleAfter(db: Queryable, { after, limit }: PeoplePage): Promise<number[]> {
    return peopleWithExpired(db, { by: this.clock.now(), after, limit });
  }

  async run({ tx, now, raise }: JobContext, userIds: readonly number[]): Promise<void> {
    const expired = [...(await consentsOf(tx, userIds))].flatMap(([userId, before]) => {
      const consent = expire(before, now);
      return consent === null ? [] : [{ userId, consent }];
    });
    await saveConsents(tx, expired);
    for (const { userId, consent } of expired) raise(ConsentState, stateOf(userId, consent, now), { fact: `revision ${consent.revision}` });
  }
}
