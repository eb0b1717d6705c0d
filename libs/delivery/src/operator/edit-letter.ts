import { InvalidEvent, type AnyEventType, type JsonObject } from '@lifeos/contracts';
import { readHeaders } from '@lifeos/events';
import type { Database } from '@lifeos/postgres';
import { recordOfLetter, type LetterRow } from '../letter-rows.js';
import { writeAudit, type By } from './audit.js';
import { InvalidEdit, LetterNotEditable, LetterNotFound } from './errors.js';
import { lockKeysOf, readLetterById } from './read-letters.js';

export interface Edit {
  /** In the JSON form of the catalog. */
  readonly payload: JsonObject;
  readonly by: By;
  readonly types: readonly AnyEventType[];
  readonly now: Date;
}

/**
 * Lets the handler get another payload, checked against the event's schema; the record stays as it
 * came. A head is tried at once, a follower in its turn.
 * @throws LetterNotFound, LetterNotEditable, InvalidEdit naming every fault
 */
export async function editLetter(database: Database, id: string, { payload, by, types, now }: Edit): Promise<void> {
  const seen = await readLetterById(database, id);
  if (seen === null) throw new LetterNotFound(id);
  const type = editableTypeOf(seen, types);
  const built = checked(type, payload, seen);
  await database.transaction({ keys: lockKeysOf([seen]) }, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE dead_letters SET edited_payload = $2, edited_version = $3, status = 'waiting', retries = 0, claimed_until = NULL,
         next_attempt_at = CASE WHEN is_follower THEN NULL ELSE $4::timestamptz END WHERE id = $1`,
      [id, type.encode(built), type.version, now],
    );
    if (rowCount === 0) throw new LetterNotFound(id);
    const { handler, topic, partition, record_offset: offset, event_id, event_type } = seen;
    const detail = { handler, topic, partition, offset, event_id, event_type, payload: withoutPersonal(type, payload) };
    await writeAudit(tx, { action: 'edit', by, filter: { id }, letters: 1, detail });
  });
}

/** A payload alone does not tell which event it is, of whom: the record's headers and key must. */
function editableTypeOf(row: LetterRow, types: readonly AnyEventType[]): AnyEventType {
  const type = types.find(({ recordName }) => recordName === row.event_type);
  if (type === undefined) throw new LetterNotEditable(row.id, `this service knows no ${row.event_type ?? 'type of it'}`);
  if (row.key === null) throw new LetterNotEditable(row.id, 'its record has no usable key');
  const headers = readHeaders(recordOfLetter(row).headers);
  if ('fault' in headers) throw new LetterNotEditable(row.id, `its headers tell no event (${headers.fault})`);
  return type;
}

function checked(type: AnyEventType, payload: JsonObject, { key }: LetterRow): object {
  const owner = payload['user_id'];
  // Another person's event under this key would run without that person's lock and out of order.
  if (owner !== undefined && String(owner) !== key) throw new InvalidEdit(`user_id must stay ${key}: it is the key of the record.`, [{ field: 'user_id', message: `must be ${key}` }]);
  try {
    return type.fromJson(payload);
  } catch (error) {
    throw error instanceof InvalidEvent ? InvalidEdit.ofEvent(error) : error;
  }
}

/** The record of who did what outlives the erasure of a person. */
function withoutPersonal(type: AnyEventType, payload: JsonObject): JsonObject {
  const personal = new Set((type.schemas.get(type.version)?.fields ?? []).flatMap(({ name, personal: isPersonal }) => (isPersonal === true ? [name] : [])));
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, personal.has(name) ? '(personal)' : value]));
}
