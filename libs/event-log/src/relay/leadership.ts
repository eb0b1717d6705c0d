import { lockNumber, openSession } from '@lifeos/postgres';
import type { Session, SessionOptions } from '@lifeos/postgres';
import { adoptServer } from '../adopt-server.js';
import type { LogPosition } from '../position.js';

/** Another relay took over; whatever this one still sends is sent by the other as well. */
export class Fenced extends Error {
  constructor(fence: string) {
    super(`Another relay took over from the one with fence ${fence}`);
  }
}

/** An event that is put aside instead of being sent. */
export interface BlockedRow {
  readonly position: LogPosition;
  readonly topic: string;
  readonly key: string;
  /** Null for those that only wait behind another of their key. */
  readonly reason: string | null;
}

/** Why this process does not lead. */
export type NotLeading = 'standby' | 'other-leads';

/**
 * The right to relay, bound to one connection: its session lock keeps others out, and the fence in the
 * checkpoint row keeps out a leader whose connection the server gave up while it still believed in it.
 */
export class Leadership {
  private constructor(
    readonly session: Session,
    private readonly relay: string,
    private readonly fence: string,
    public checkpoint: LogPosition,
  ) {}

  static async take(options: SessionOptions, relay: string): Promise<Leadership | NotLeading> {
    const session = await openSession({ ...options, onConnect: adoptServer });
    try {
      const leading = await Leadership.lead(session, relay);
      if (typeof leading === 'string') await session.close();
      return leading;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  private static async lead(session: Session, relay: string): Promise<Leadership | NotLeading> {
    const lock = await session.query<{ standby: boolean; locked: boolean }>(
      'SELECT pg_is_in_recovery() AS standby, CASE WHEN pg_is_in_recovery() THEN false ELSE pg_try_advisory_lock($1) END AS locked',
      [lockNumber(`event-log-relay:${relay}`)],
    );
    if (lock.rows[0]?.standby) return 'standby';
    if (!lock.rows[0]?.locked) return 'other-leads';
    // A plan made while the log was small must not read all of it for each batch once it has grown.
    await session.query("SELECT set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false)");
    const { rows } = await session.query<{ fence: string; epoch: number; log_xid: string; seq: string }>(
      'UPDATE relay_checkpoint SET fence = fence + 1 WHERE relay = $1 RETURNING fence, epoch, xid::text AS log_xid, seq',
      [relay],
    );
    const row = rows[0];
    if (row === undefined) throw new Error(`relay_checkpoint has no row for relay ${relay}; run the migrations of the event log`);
    return new Leadership(session, relay, row.fence, { epoch: row.epoch, xid: row.log_xid, seq: row.seq });
  }

  /**
   * Everything up to here is at the broker or put aside; both become durable together.
   * @throws Fenced, and nothing moved.
   */
  async moveCheckpoint(to: LogPosition, blocked: readonly BlockedRow[]): Promise<void> {
    const { rowCount } = await this.session.query(blocked.length === 0 ? move : moveAndBlock, [
      this.relay, this.fence, to.epoch, to.xid, to.seq, ...(blocked.length === 0 ? [] : columnsOf(blocked)),
    ]);
    if (rowCount === 0) throw new Fenced(this.fence);
    this.checkpoint = to;
  }

  /** @throws Fenced when this relay does not lead any more. */
  async confirm(): Promise<void> {
    const { rowCount } = await this.session.query('SELECT FROM relay_checkpoint WHERE relay = $1 AND fence = $2', [this.relay, this.fence]);
    if (rowCount === 0) throw new Fenced(this.fence);
  }

  /**
   * Stores how a retry of a blocked queue went: what was sent leaves the queue, and when the broker
   * refused again the rest waits for the next request.
   */
  async finishRetry(queue: { topic: string; key: string }, sent: readonly LogPosition[], refusal: BlockedRow | null): Promise<void> {
    const { epoch, xid, seq } = refusal?.position ?? { epoch: null, xid: null, seq: null };
    const { rowCount } = await this.session.query(storeRetry, [
      this.relay, this.fence, queue.topic, queue.key,
      sent.map((position) => position.epoch), sent.map((position) => position.xid), sent.map((position) => position.seq),
      epoch, xid, seq, refusal?.reason ?? null,
    ]);
    if (rowCount === 0) throw new Fenced(this.fence);
  }

  async resign(): Promise<void> {
    await this.session.close();
  }
}

const move = {
  name: 'relay_move_checkpoint',
  text: 'UPDATE relay_checkpoint SET epoch = $3, xid = $4::xid8, seq = $5, moved_at = now() WHERE relay = $1 AND fence = $2',
};

const moveAndBlock = `
  WITH moved AS (${move.text} RETURNING 1), blocked AS (
    INSERT INTO relay_blocked (epoch, xid, seq, topic, key, reason, attempts)
    SELECT b.epoch, b.xid::xid8, b.seq, b.topic, b.key, b.reason, (b.reason IS NOT NULL)::int
    FROM unnest($6::int[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::text[]) AS b (epoch, xid, seq, topic, key, reason)
    WHERE EXISTS (SELECT FROM moved)
    ON CONFLICT (epoch, xid, seq) DO NOTHING)
  SELECT FROM moved`;

/** `sent` leaves the queue; where the broker refused again, all the rest waits for another request. */
const storeRetry = `
  WITH mine AS (SELECT FROM relay_checkpoint WHERE relay = $1 AND fence = $2 FOR UPDATE),
  sent AS (SELECT epoch, xid::xid8 AS xid, seq FROM unnest($5::int[], $6::text[], $7::bigint[]) AS s (epoch, xid, seq)),
  gone AS (
    DELETE FROM relay_blocked WHERE (epoch, xid, seq) IN (SELECT epoch, xid, seq FROM sent) AND EXISTS (SELECT FROM mine)),
  waiting AS (
    UPDATE relay_blocked SET retry_requested = false,
      reason = CASE WHEN (epoch, xid, seq) = ($8::int, $9::xid8, $10::bigint) THEN $11 ELSE reason END,
      attempts = attempts + ((epoch, xid, seq) = ($8::int, $9::xid8, $10::bigint))::int
    WHERE $8::int IS NOT NULL AND topic = $3 AND key = $4 AND EXISTS (SELECT FROM mine)
      AND (epoch, xid, seq) NOT IN (SELECT epoch, xid, seq FROM sent))
  SELECT FROM mine`;

function columnsOf(blocked: readonly BlockedRow[]): unknown[] {
  return [
    blocked.map(({ position }) => position.epoch),
    blocked.map(({ position }) => position.xid),
    blocked.map(({ position }) => position.seq),
    blocked.map(({ topic }) => topic),
    blocked.map(({ key }) => key),
    blocked.map(({ reason }) => reason),
  ];
}
