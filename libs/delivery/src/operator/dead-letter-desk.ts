import type { AnyEventType, JsonObject } from '@lifeos/contracts';
import type { RecordDecoder } from '@lifeos/events';
import type { Database } from '@lifeos/postgres';
import { readAudit, type AuditRow, type By } from './audit.js';
import { isBlockedId, readBlocked, relayHandler, retryBlockedEvents, skipBlockedEvent } from './blocked-events.js';
import { editLetter } from './edit-letter.js';
import { LetterNotEditable, LetterNotFound, NothingSelected } from './errors.js';
import { isEmptyFilter, type LetterFilter } from './letter-filter.js';
import { letterStatistics, type LetterStatistics } from './letter-statistics.js';
import { detailOf, viewOf, type LetterDetail, type LetterView } from './letter-view.js';
import { readLetterById, readLetters } from './read-letters.js';
import { retryLetters, type RetryAnswer, type RetryRequest } from './retry-letters.js';
import { skipLetter } from './skip-letter.js';

export interface DeadLetterDeskOptions {
  readonly database: Database;
  /** Every type that the service was compiled with. */
  readonly types: readonly AnyEventType[];
  readonly decoder: RecordDecoder;
  /** Called after each change that makes something due: `retrier.wake`. */
  readonly wake?: () => void;
  readonly now?: () => Date;
}

export interface LetterPage {
  readonly letters: readonly LetterView[];
  /** Give it as `after` to go on; null: that was all. */
  readonly next: string | null;
}

const relayPage = 'relay';

/**
 * Where a person sees and mends what a service parked, and what its relay could not publish: letters of
 * handlers by their number, the relay's under `relay:<event id>`. Every change is audited.
 */
export class DeadLetterDesk {
  private readonly database: Database;
  private readonly now: () => Date;

  constructor(private readonly options: DeadLetterDeskOptions) {
    this.database = options.database;
    this.now = options.now ?? (() => new Date());
  }

  /** In the order in which they were parked; the relay's come last, at most 1 000 of them. */
  async list(filter: LetterFilter = {}, page: { after?: string; limit?: number } = {}): Promise<LetterPage> {
    const { after = '0', limit = 100 } = page;
    if (after === relayPage || filter.handler === relayHandler) return { letters: await readBlocked(this.database, filter), next: null };
    const letters = (await readLetters(this.database, filter, { after, limit })).map(viewOf);
    const last = letters.at(-1);
    if (last !== undefined && letters.length === limit) return { letters, next: last.id };
    const blocked = await readBlocked(this.database, filter);
    if (letters.length > 0 && letters.length + blocked.length > limit) return { letters, next: relayPage };
    return { letters: [...letters, ...blocked], next: null };
  }

  /** @throws LetterNotFound */
  async show(id: string): Promise<LetterDetail | LetterView> {
    if (isBlockedId(id)) {
      const [view] = await readBlocked(this.database, { id });
      if (view === undefined) throw new LetterNotFound(id);
      return view;
    }
    const row = await readLetterById(this.database, id);
    if (row === null) throw new LetterNotFound(id);
    return detailOf(row, this.options);
  }

  async statistics(): Promise<LetterStatistics & { relay_refused: number }> {
    const [letters, blocked] = await Promise.all([letterStatistics(this.database, this.now()), readBlocked(this.database, {})]);
    return { ...letters, relay_refused: blocked.length };
  }

  /** Makes heads due now. @throws NothingSelected, LetterNotFound, LetterWaits */
  async retry(request: RetryRequest): Promise<RetryAnswer> {
    const { filter, by, dryRun = false } = request;
    if (isEmptyFilter(filter) && request.all !== true) throw new NothingSelected();
    if (filter.handler === relayHandler || (filter.id !== undefined && isBlockedId(filter.id))) {
      const letters = await retryBlockedEvents(this.database, filter, { by, dryRun });
      if (letters === 0 && filter.id !== undefined) throw new LetterNotFound(filter.id);
      return { letters, next: null, dry_run: dryRun };
    }
    const answer = await retryLetters(this.database, request, this.now());
    this.options.wake?.();
    return answer.next === null ? this.withBlocked(request, answer) : answer;
  }

  /** @throws LetterNotFound, LetterNotEditable, InvalidEdit */
  async edit(id: string, payload: JsonObject, by: By): Promise<void> {
    if (isBlockedId(id)) throw new LetterNotEditable(id, 'it is an event of this service, and what was published or read of it elsewhere must stay the same');
    await editLetter(this.database, id, { payload, by, types: this.options.types, now: this.now() });
    this.options.wake?.();
  }

  /** @throws LetterNotFound */
  async skip(id: string, by: By & { reason: string }): Promise<void> {
    if (isBlockedId(id)) return skipBlockedEvent(this.database, id, by);
    await skipLetter(this.database, id, { by, now: this.now() });
    this.options.wake?.();
  }

  /** Everything about each letter, page by page, so that any number fits into memory. */
  async *export(filter: LetterFilter = {}): AsyncGenerator<LetterDetail | LetterView, void, undefined> {
    let after = '0';
    for (;;) {
      const rows = filter.handler === relayHandler ? [] : await readLetters(this.database, filter, { after, limit: 200 });
      for (const row of rows) yield await detailOf(row, this.options);
      const last = rows.at(-1);
      if (last === undefined || rows.length < 200) break;
      after = last.id;
    }
    yield* await readBlocked(this.database, filter);
  }

  audit(page: { before?: string; limit?: number } = {}): Promise<AuditRow[]> {
    return readAudit(this.database, { limit: 100, ...page });
  }

  private async withBlocked(request: RetryRequest, answer: RetryAnswer): Promise<RetryAnswer> {
    if (request.filter.handler !== undefined || request.filter.id !== undefined) return answer;
    const { filter, by } = request;
    const blocked = await retryBlockedEvents(this.database, filter, { by, dryRun: answer.dry_run });
    return { ...answer, letters: answer.letters + blocked };
  }
}
