import { PublishFailed, RecordRefused, type EventPathError } from '@lifeos/events';

/** What a broker says of a record itself; sending it again cannot help. */
const refusals: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);

/** kafkajs wraps the broker's error once for each retry layer. */
export function publishError(error: unknown): EventPathError {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('type' in at && typeof at.type === 'string' && refusals.has(at.type)) return new RecordRefused(`${at.type}: ${at.message}`, { cause: error });
  }
  return new PublishFailed(error instanceof Error ? error.message : String(error), { cause: error });
}
