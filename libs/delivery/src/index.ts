export { acceptRecreatedTopic } from './accept-recreated-topic.js';
export { BatchProcessor } from './batch-processor.js';
export type { BatchProcessorOptions } from './batch-processor.js';
export type { Batch, BatchOutcome } from './batch.js';
export type { BatchItem } from './batch-item.js';
export type { ConsentGate, JudgedEvent, Refusal, SensitiveEvent, Verdict } from './consent/consent-gate.js';
export type { DeadLetter } from './dead-letters.js';
export { noHandler } from './dead-letters.js';
export {
  BatchFailure,
  ConsentsBehind,
  ContextClosed,
  HandlerNameTaken,
  HandlerTimeout,
  SwallowedSqlError,
  UnreadableHeaders,
  UnsupportedVersion,
  UnusableKey,
  VersionGapsInRange,
} from './errors.js';
export type { FailedEvent } from './errors.js';
export type { DeadLetterReason, Failure } from './failure.js';
export type { HandlerContext, HandlerDefinition } from './handler.js';
export { sweepInbox } from './inbox.js';
export type { SweepOptions } from './inbox.js';
export { deliveryMigrations } from './migrations.js';
export type { DeliveryLog, DeliveryMetrics, EventAppender, HandledCall, RerunReason, RetryOutcome, SkipReason } from './ports.js';
export { noMetrics, silentLog } from './ports.js';
export { defaultRetryPolicy, retryPolicyFaults } from './retry-policy.js';
export type { RetryPolicy } from './retry-policy.js';
export type { AuditRow, By } from './operator/audit.js';
export { relayHandler } from './operator/blocked-events.js';
export { DeadLetterDesk } from './operator/dead-letter-desk.js';
export type { DeadLetterDeskOptions, LetterPage } from './operator/dead-letter-desk.js';
export { InvalidEdit, LetterNotEditable, LetterNotFound, LetterWaits, NothingSelected } from './operator/errors.js';
export type { LetterFilter, LetterStatus } from './operator/letter-filter.js';
export type { LetterStatistics } from './operator/letter-statistics.js';
export type { LetterDetail, LetterView } from './operator/letter-view.js';
export type { RetryAnswer, RetryRequest } from './operator/retry-letters.js';
export type { ParkingLimitSettings } from './parking-limits.js';
export { Announcer } from './retries/announcer.js';
export type { AnnouncerOptions } from './retries/announcer.js';
export { Retrier } from './retries/retrier.js';
export type { RetrierOptions } from './retries/retrier.js';
export { restoreHeaders, storeHeaders } from './record-headers.js';
export type { StoredHeaders } from './record-headers.js';
export { firstPositions } from './starts/first-positions.js';
export type { FirstPosition, KnownPosition, Listener, OffsetAt, PartitionBounds } from './starts/first-positions.js';
export { HandlerStarts } from './starts/handler-starts.js';
export type { CatchingUp, HandlerStartsOptions } from './starts/handler-starts.js';
export { requireNoGaps, subscriptionsOf, TopicRoutes } from './subscriptions.js';
