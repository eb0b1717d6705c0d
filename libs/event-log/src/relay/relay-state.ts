import type { NotLeading } from './leadership.js';
import type { LogPage } from './log-rows.js';

/** What a relay is doing. `standby`: the database takes no writes. */
export type RelayPhase = 'stopped' | 'not-leading' | NotLeading | 'leading' | 'waiting-for-broker' | 'waiting-for-schema';

export interface RelayStatus {
  readonly phase: RelayPhase;
  readonly isLeader: boolean;
  /** Records that the broker confirmed to this process. */
  readonly published: number;
  /** Topics and keys that wait for a person, as this leader knows them. */
  readonly blockedQueues: number;
  /** Since when events wait for a transaction that is open somewhere on the server; 0 when none wait. */
  readonly horizonStillMs: number;
  readonly lastError: { readonly message: string; readonly code: string | null; readonly at: Date } | null;
}

const leadingPhases: readonly RelayPhase[] = ['leading', 'waiting-for-broker', 'waiting-for-schema'];

export class RelayState {
  private phase: RelayPhase = 'stopped';
  private published = 0;
  private stillSince: number | null = null;
  private lastError: RelayStatus['lastError'] = null;

  enter(phase: RelayPhase): void {
    this.phase = phase;
    if (!leadingPhases.includes(phase)) this.stillSince = null;
  }

  /** Returns for how many ms events have waited for the horizon. */
  seen(page: LogPage): number {
    if (!page.hasUnsettled || page.rows.length > 0) this.stillSince = null;
    else this.stillSince ??= Date.now();
    return this.stillMs;
  }

  relayed(records: number): void {
    this.published += records;
  }

  failed(error: Error): void {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
    this.lastError = { message: error.message, code, at: new Date() };
  }

  status(blockedQueues: number): RelayStatus {
    const { phase, published, lastError, stillMs: horizonStillMs } = this;
    return { phase, isLeader: leadingPhases.includes(phase), published, blockedQueues, horizonStillMs, lastError };
  }

  private get stillMs(): number {
    return this.stillSince === null ? 0 : Date.now() - this.stillSince;
  }
}
