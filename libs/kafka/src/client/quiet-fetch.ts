import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';

/** The part of kafkajs's member of a group that the wait hangs on. */
export interface FetchingMember {
  /** ms that the broker keeps a fetch waiting while there is nothing. */
  maxWaitTime: number;
  readonly subscriptionState: { paused(): readonly unknown[] };
  /** What came from each partition that was asked for, nothing included. */
  fetch(this: FetchingMember, nodeId: string): Promise<readonly { readonly rawMessages: readonly unknown[] }[]>;
}

interface Quiet {
  /** What the member was built with. */
  readonly askedMs: number;
  since: number;
}

/** ms that the broker keeps the fetches of a quiet member. Heartbeats and a stop wait for a fetch to return. */
export const quietWaitMs = 500;
/** ms without a record and without a paused partition, after which a member is quiet. */
export const quietAfterMs = 5_000;

const members = new WeakMap<FetchingMember, Quiet>();

/**
 * kafkajs has one wait for all times. A short one lets paused partitions go on soon, for they wait until the
 * fetch that is out returns; but an idle consumer then spends its time on asking ten times a second for every
 * partition anew. Here the wait grows once there was nothing for a while. Records end it at once as ever, and
 * what pauses a partition comes after records, so none waits longer than before, but for one whose handler
 * worked on the last records through all that while: its first fetch after may come 500 ms later.
 * Batches of nothing are left out: kafkajs takes each of them through its queue of workers, to no effect but
 * a heartbeat, which it sends as well when there is no batch.
 */
export function withQuietWaits(fetch: FetchingMember['fetch']): FetchingMember['fetch'] {
  return async function (nodeId) {
    const quiet = members.get(this) ?? { askedMs: this.maxWaitTime, since: Date.now() };
    members.set(this, quiet);
    // What is paused may go on at any time.
    if (this.subscriptionState.paused().length > 0) quiet.since = Date.now();
    this.maxWaitTime = Date.now() - quiet.since < quietAfterMs ? quiet.askedMs : Math.max(quiet.askedMs, quietWaitMs);
    const batches = (await fetch.call(this, nodeId)).filter(({ rawMessages }) => rawMessages.length > 0);
    if (batches.length > 0) quiet.since = Date.now();
    return batches;
  };
}

/** Replaces the method once; false when this kafkajs is built otherwise, and then nothing is changed. */
export function growQuietWaits(): boolean {
  const methods = ConsumerGroup.prototype;
  if (typeof methods.fetch !== 'function') return false;
  methods.fetch = withQuietWaits(methods.fetch);
  return true;
}
