import type { HandlerContext } from '@lifeos/delivery';
import type { ConsentListener, EndedConsent } from '@lifeos/service';
import { Injectable } from '@nestjs/common';

/** V-9, AN-8: what was derived from events that a person allows no longer is gone, notices included. */
@Injectable()
export class DropDerivedWhenConsentEnds implements ConsentListener {
  async consentsEnded(ended: readonly EndedConsent[], { tx }: HandlerContext): Promise<void> {
    const pairs = ended.flatMap(({ user_id, eventTypes }) => [...eventTypes].map((type) => ({ user_id, type })));
    const users = pairs.map(({ user_id }) => user_id);
    const types = pairs.map(({ type }) => type);
    const those = 'SELECT * FROM unnest($1::bigint[], $2::text[])';
    await tx.query(`DELETE FROM derived_facts WHERE (user_id, event_type) IN (${those})`, [users, types]);
    await tx.query(`DELETE FROM notices WHERE (user_id, sensitive_type) IN (${those})`, [users, types]);
  }
}
