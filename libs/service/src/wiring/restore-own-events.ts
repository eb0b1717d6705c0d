import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyEventType } from '@lifeos/contracts';
import { restoreFromTopic } from '@lifeos/event-log';
import type { SchemaIds } from '@lifeos/events';
import { readTopicToEnd, type KafkaConfig } from '@lifeos/kafka';
import type { Database } from '@lifeos/postgres';
import type { Logger } from '../logging/logger.js';

export interface RestoreParts {
  readonly kafka: KafkaConfig;
  /** What this service publishes. */
  readonly types: readonly AnyEventType[];
  readonly database: Database;
  readonly schemaIds: SchemaIds;
  readonly logger: Logger;
}

const retryMs = 2_000;

/**
 * Puts what this service published in an earlier life back into its log, before it publishes or
 * handles anything: otherwise a rebuilt service would publish the same facts again. Waits for broker
 * and registry as long as it takes; resolves with false when it was told to stop before.
 */
export async function restoreOwnEvents(parts: RestoreParts, stopping: AbortSignal): Promise<boolean> {
  while (!stopping.aborted) {
    try {
      await restoreOnce(parts);
      return true;
    } catch (err) {
      if (stopping.aborted) return false;
      parts.logger.warn({ err }, 'Cannot look for events of an earlier life yet; publishing and handling wait.');
      await sleep(retryMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
  return false;
}

/** A log that was ever relayed from is no rebuilt one: a restore that was interrupted has relayed nothing yet. */
export async function hasNeverPublished(database: Database): Promise<boolean> {
  const { rowCount } = await database.query(`SELECT FROM relay_checkpoint WHERE relay = 'kafka' AND (xid <> '0' OR seq <> 0)`);
  return rowCount === 0;
}

async function restoreOnce({ kafka, types, database, schemaIds, logger }: RestoreParts): Promise<void> {
  const topics = new Set(types.flatMap(({ topic }) => (topic === null ? [] : [topic])));
  const onSkipped = (place: string, reason: string): void => logger.warn({ place, reason }, 'A record of the own topic is no event and was left out.');
  for (const topic of topics) {
    let restored = 0;
    // Tried again from here, where a stop ends the waiting.
    await readTopicToEnd({ ...kafka, retry: { ...kafka.retry, retries: 0 } }, topic, async (records) => {
      restored += (await restoreFromTopic(records, { database, schemaIds, onSkipped })).restored;
    });
    if (restored > 0) logger.info({ topic, restored }, 'Put the events of an earlier life back into the log.');
  }
}
