import { randomUUID } from 'node:crypto';
import type { EventType } from '@lifeos/contracts';
import { ConcurrencyError, ServerNotAdopted, type EventLog } from '@lifeos/event-log';
import { newEventId, type NewEvent } from '@lifeos/events';
import { isStalePlan, sqlState, TransactionAborted, type Database, type Transaction } from '@lifeos/postgres';
import type { Clock } from '../clock.js';
import { currentContext } from '../context/request-context.js';
import { doOnce } from '../idempotency/kept-answers.js';
import { nextKeyedStep } from '../idempotency/keyed-steps.js';

export interface CommandOptions {
  /** Locked before anything is read or written: the ids of the users whose events may be raised, and other texts that serialise writers. */
  readonly keys: readonly (number | string)[];
}

/**
 * Raises an event of the command: id UUID v7, key = the payload's `user_id`, correlation and trace of
 * the request. `timestamp` is the time of the fact, default now. Returns the event's id.
 * @throws InvalidEvent naming every fault of the input.
 */
export type Raise = <P extends object, I extends { readonly user_id: number }>(type: EventType<P, I>, input: I, timestamp?: Date) => string;

/**
 * Runs commands: key locks, state and events in one transaction. It resolves after the commit with
 * what `work` returned; when it rejects, nothing was changed and nothing will be published. `work`
 * may run again when the database asks for it (deadlock, serialization) or somebody else appended to
 * its stream meanwhile, so it reads what it decides by in `tx` and touches nothing else.
 *
 * In a POST with an `Idempotency-Key` a command runs once: repeated, `execute` gives back what it
 * returned the first time, kept in the same transaction. So a route builds its answer from what
 * `execute` returned, data that can be cloned, never from what it made up before.
 */
export class Commands {
  constructor(
    private readonly database: Database,
    private readonly eventLog: Pick<EventLog, 'append'>,
    private readonly clock: Clock,
    private readonly timeoutMs: number,
  ) {}

  async execute<T>(options: CommandOptions, work: (tx: Transaction, raise: Raise) => Promise<T>): Promise<T> {
    const correlationId = currentContext()?.correlationId ?? randomUUID();
    const step = nextKeyedStep();
    const keys = [...options.keys.map(String), ...(step ? [step.lock] : [])];
    return this.retrying(() =>
      this.database.transaction({ keys, timeoutMs: this.timeoutMs }, (tx) => {
        const run = () => work(tx, this.raiserFor(tx, correlationId));
        return step ? doOnce(tx, step, run) : run();
      }),
    );
  }

  private raiserFor(tx: Transaction, correlationId: string): Raise {
    return (type, input, timestamp = this.clock.now()) => {
      const event: NewEvent = {
        eventId: newEventId(),
        type,
        timestamp,
        key: String(input.user_id),
        correlationId,
        causationId: null,
        traceparent: currentContext()?.traceparent ?? null,
        payload: type.build(input),
      };
      this.eventLog.append(tx, [event]);
      return event.eventId;
    };
  }

  private async retrying<T>(run: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run();
      } catch (error) {
        if (attempt >= attempts || !mustRunAgain(error)) throw error;
      }
    }
  }
}

const attempts = 3;
/** Serialization failure and deadlock: the server rolled back and asks for the same again. */
const again: ReadonlySet<string | null> = new Set(['40001', '40P01']);

function mustRunAgain(error: unknown): boolean {
  if (error instanceof ConcurrencyError || error instanceof ServerNotAdopted || isStalePlan(error)) return true;
  return again.has(sqlState(error)) || (error instanceof TransactionAborted && again.has(sqlState(error.failure)));
}
