import { consentRevisionOf } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import type { BatchItem } from '../batch-item.js';
import { ConsentsBehind } from '../errors.js';
import type { DeliveryLog } from '../ports.js';
import type { ConsentGate, Refusal, SensitiveEvent } from './consent-gate.js';

/** What the gate says about the events of one transaction, and what became of them. */
export class GateRun {
  private readonly judged = new Map<BatchItem, SensitiveEvent>();
  private readonly refusals = new Map<BatchItem, Refusal>();
  private readonly handled = new Set<BatchItem>();

  constructor(private readonly gate: ConsentGate | null) {}

  /** Call it under the locks of the items' keys. An event that cannot be judged yet gets a fault, and so is parked. */
  async judge(tx: Transaction, items: readonly BatchItem[]): Promise<void> {
    if (this.gate === null) return;
    for (const item of items) if (isSensitive(item)) this.admit(item);
    if (this.judged.size === 0) return;
    const verdicts = await this.gate.judge(tx, [...this.judged.values()]);
    [...this.judged.keys()].forEach((item, index) => {
      const verdict = verdicts[index] ?? 'no_consent';
      if (verdict instanceof ConsentsBehind) item.fault = verdict;
      else if (verdict !== 'allowed') this.refusals.set(item, verdict);
    });
  }

  /** True when no handler may be called with it. */
  refuses(item: BatchItem): boolean {
    return this.refusals.size > 0 && this.refusals.has(item);
  }

  /** A handler took it. */
  noteHandled(item: BatchItem): void {
    if (this.judged.size > 0 && this.judged.has(item)) this.handled.add(item);
  }

  /** Keeps what became of the sensitive ones among the items. Returns those that were refused. */
  async record(tx: Transaction, isDone: (item: BatchItem) => boolean): Promise<RefusedItem[]> {
    if (this.gate === null || this.judged.size === 0) return [];
    const refused = [...this.refusals].flatMap(([item, refusal]) => (isDone(item) ? [{ item, refusal }] : []));
    const refusals = new Map(refused.map(({ item, refusal }) => [item, refusal]));
    const judged = [...this.judged].flatMap(([item, sensitive]) => {
      const refusal = refusals.get(item) ?? null;
      return refusal !== null || this.handled.has(item) ? [{ sensitive, refusal }] : [];
    });
    if (judged.length > 0) await this.gate.record(tx, judged);
    return refused;
  }

  private admit(item: BatchItem): void {
    // The verdict of an earlier run of the same records.
    if (item.fault instanceof ConsentsBehind) item.fault = null;
    const sensitive = item.fault === null ? sensitiveOf(item) : null;
    if (sensitive !== null) this.judged.set(item, sensitive);
  }
}

export interface RefusedItem {
  readonly item: BatchItem;
  readonly refusal: Refusal;
}

/** The sensitive events among the items; none for nearly every batch. */
export function sensitiveAmong(items: readonly BatchItem[]): SensitiveEvent[] {
  return items.filter(isSensitive).flatMap((item) => sensitiveOf(item) ?? []);
}

/** That consent is missing is no fault, and counted; that nobody can say whose consent it is, is one. */
export function tellMissingUsers(refused: readonly RefusedItem[], logger: DeliveryLog): void {
  for (const { item, refusal } of refused) {
    if (refusal !== 'user_id_missing') continue;
    const { topic, partition, offset } = item.record;
    logger.error(`${item.ceType} needs consent and is not handled: its user_id is missing`, { topic, partition, offset, eventId: item.headers?.eventId });
  }
}

function isSensitive({ type, event }: BatchItem): boolean {
  return event !== null && type !== null && type.purpose !== null;
}

function sensitiveOf({ event, record }: BatchItem): SensitiveEvent | null {
  if (event === null) return null;
  const userId = 'user_id' in event.payload && typeof event.payload.user_id === 'number' ? event.payload.user_id : null;
  return { event, userId, consentRevision: consentRevisionOf(record.headers) };
}
