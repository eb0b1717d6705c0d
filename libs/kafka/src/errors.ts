import { EventPathError } from '@lifeos/events';

/** `publish` was called while another call was in work; order could not be kept. */
export class PublishOverlap extends EventPathError {
  readonly code = 'PUBLISH_OVERLAP';
  readonly retryable = false;

  constructor() {
    super('publish was called before the call before it had ended; a publisher sends one batch at a time');
  }
}

/** The publisher was closed. */
export class PublisherClosed extends EventPathError {
  readonly code = 'PUBLISHER_CLOSED';
  readonly retryable = false;

  constructor() {
    super('The publisher is closed; open a new one');
  }
}

/** A topic exists with another number of partitions; the number is fixed at creation, since keys would move. */
export class TopicMismatch extends EventPathError {
  readonly code = 'TOPIC_MISMATCH';
  readonly retryable = false;

  constructor(readonly faults: readonly string[]) {
    super(`${faults.join('; ')}; the number of partitions is fixed at creation: correct the configuration, or move the topic by hand`);
  }
}

/** Topics were created, and the brokers choose no leaders for them. */
export class TopicsWithoutLeader extends EventPathError {
  readonly code = 'TOPICS_WITHOUT_LEADER';
  readonly retryable = true;

  constructor(readonly topics: readonly string[], afterMs: number) {
    super(`${topics.join(', ')} got no leader within ${afterMs} ms; check that enough brokers are up for their replicas, then run this step again`);
  }
}

/** Reading a topic to its end stopped moving. */
export class TopicReadStalled extends EventPathError {
  readonly code = 'TOPIC_READ_STALLED';
  readonly retryable = true;

  constructor(readonly topic: string, readonly missing: readonly string[], afterMs: number) {
    super(`Reading ${topic} got nothing for ${afterMs} ms; still missing: ${missing.join(', ')}; check that its leaders are up`);
  }
}

/** Handlers that cannot be served, all of them at once. */
export class InvalidHandlers extends EventPathError {
  readonly code = 'INVALID_HANDLERS';
  readonly retryable = false;

  constructor(readonly faults: readonly string[]) {
    super(`${faults.length} fault(s) in event handlers:\n  ${faults.join('\n  ')}`);
  }
}

/** A handler's method did not complete, and nobody said why: a refusing guard, an interceptor that answers in its place. */
export class HandlerNotCompleted extends EventPathError {
  readonly code = 'HANDLER_NOT_COMPLETED';
  readonly retryable = true;

  constructor(readonly handler: string, reason: string, options?: ErrorOptions) {
    super(`Handler ${handler} did not complete: ${reason}`, options);
  }
}

/** A broker that no longer answers on a connection that is still open. */
export class BrokerSilent extends EventPathError {
  readonly code = 'BROKER_SILENT';
  readonly retryable = true;

  constructor(readonly broker: string, request: string, afterMs: number) {
    super(`Broker ${broker} left a ${request} request unanswered for ${afterMs} ms; the consumer is built anew, with new connections`);
  }
}

/** A consumer that went quiet although there are records to read. */
export class ConsumerStalled extends EventPathError {
  readonly code = 'CONSUMER_STALLED';
  readonly retryable = true;

  constructor(readonly where: string, afterMs: number) {
    super(`Nothing came from ${where} for ${afterMs} ms although it has records; the consumer is built anew`);
  }
}
