import { BadgeEarned, TitleUnlocked } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import type { Queryable } from '@lifeos/postgres';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { isoTime } from './rows.js';

/** A title or a badge of the gallery. */
export interface Honour {
  readonly id: number;
  readonly name: string;
  readonly category: string | null;
  readonly earned_at: string;
}

const shown = 50;
const ofKind = (kind: 'title' | 'badge') => `SELECT honour_id AS id, name, category, ${isoTime('earned_at')} AS earned_at FROM honours
  WHERE user_id = $1 AND kind = '${kind}' ORDER BY honours.earned_at DESC, honour_id DESC LIMIT ${shown}`;

/** Newest first, at most 50 of each. */
export const titles = ofKind('title');
export const badges = ofKind('badge');

/** E-21, E-22: the gallery. */
@Controller()
export class Honours {
  @Handles(TitleUnlocked, { name: 'show-title-when-title-unlocked', versions: '^1.0.0', from: 'beginning', batch: true })
  async title(@Payload() events: readonly EventOf<typeof TitleUnlocked>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeHonours(tx, events.map(({ payload: { user_id, title_id: id, title_name: name, unlock_timestamp: at } }) => ({ user_id, kind: 'title', id, name, category: null, at })));
  }

  @Handles(BadgeEarned, { name: 'show-badge-when-badge-earned', versions: '^1.0.0', from: 'beginning', batch: true })
  async badge(@Payload() events: readonly EventOf<typeof BadgeEarned>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeHonours(tx, events.map(({ payload: { user_id, badge_id: id, badge_name: name, badge_category: category, earned_timestamp: at } }) => ({ user_id, kind: 'badge', id, name, category, at })));
  }
}

interface EarnedHonour {
  readonly user_id: number;
  readonly kind: 'title' | 'badge';
  readonly id: number;
  readonly name: string;
  readonly category: string | null;
  readonly at: Date;
}

async function storeHonours(tx: Queryable, honours: readonly EarnedHonour[]): Promise<void> {
  const sql = `INSERT INTO honours (user_id, kind, honour_id, name, category, earned_at)
    SELECT user_id, kind, id, name, category, at FROM json_to_recordset($1::json) AS n(user_id bigint, kind text, id bigint, name text, category text, at timestamptz)
    ON CONFLICT (user_id, kind, honour_id) DO NOTHING`;
  await tx.query(sql, [JSON.stringify(honours)]);
}
