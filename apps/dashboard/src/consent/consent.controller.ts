import { ConsentState } from '@lifeos/contracts';
import type { Database, Queryable } from '@lifeos/postgres';
import { allows, CLOCK, Commands, DATABASE, sensitiveTypes, valid, type Clock } from '@lifeos/service';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { UserNotFound } from '../user/errors.js';
import { findUser } from '../user/user-store.js';
import { decideEvent, decidePurpose, undecided, type Consent } from './consent.js';
import { consentsOf, saveConsents, stateOf } from './consent-settings.js';
import { eventDecision, person, purposeDecision, type EventDecision, type Person, type PurposeDecision } from './requests.js';

/** what the person allows. Each change goes to every service. */
@Controller('privacy')
export class ConsentController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly commands: Commands,
  ) {}

  @Get('consents/:user_id')
  async show(@Param(valid(person)) { user_id }: Person) {
    return viewOf(user_id, await consentOfUser(this.database, user_id));
  }

  @Put('consents/:user_id')
  async decide(@Param(valid(person)) { user_id }: Person, @Body(valid(purposeDecision)) decision: PurposeDecision) {
    return this.change(user_id, (consent, now) => decidePurpose(consent, decision, now));
  }

  @Put('events/:user_id')
  async decideEvent(@Param(valid(person)) { user_id }: Person, @Body(valid(eventDecision)) { event_type, allowed }: EventDecision) {
    return this.change(user_id, (consent, now) => decideEvent(consent, { eventType: event_type, allowed }, now));
  }

  private change(userId: number, decide: (consent: Consent, now: Date) => Consent | null) {
    return this.commands.execute({ keys: [userId] }, async (tx, raise) => {
      const before = await consentOfUser(tx, userId);
      const now = this.clock.now();
      const after = decide(before, now);
      if (after === null) return viewOf(userId, before);
      await saveConsents(tx, [{ userId, consent: after }]);
      raise(ConsentState, stateOf(userId, after, now), now);
      return viewOf(userId, after);
    });
  }
}

async function consentOfUser(source: Queryable, userId: number): Promise<Consent> {
  if (!(await findUser(source, userId))) throw new UserNotFound(userId);
  return (await consentsOf(source, [userId])).get(userId) ?? undecided;
}

function viewOf(userId: number, { revision, purposes, overrides, changedAt }: Consent) {
  const statuses = Object.fromEntries(Object.entries(purposes).map(([purpose, { status }]) => [purpose, status]));
  return {
    user_id: userId,
    revision,
    changed_at: changedAt,
    consents: Object.entries(purposes).map(([purpose, { status, since }]) => ({ purpose, status, since })),
    event_types: sensitiveTypes.map((type) => ({
      event_type: type.name,
      purpose: type.purpose,
      decision: overrides[type.name] ?? null,
      allowed: allows({ purposes: statuses, overrides }, type),
    })),
  };
}
