import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/** The part of kafkajs's request queue that the fix touches. */
export interface ThrottledQueue {
  readonly pending: readonly unknown[];
  /** ms since epoch; -1 when the broker never asked for a pause. */
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}

const retryWhenBusyMs = 10;

/**
 * kafkajs 2.2.4 sets this timer after every answer, also with nothing waiting: its delay is then
 * `throttledUntil - now`, far below zero, which Node makes 1 ms and Node 24 warns of. The timer sets
 * itself again, so each connection runs a thousand timers a second for as long as it lives
 * (tulios/kafkajs#1751). A timer is needed only for requests that wait: they are sent when the pause
 * ends or, when too many are in flight, with the next answer.
 */
export function scheduleCheckOfWaiting(this: ThrottledQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const pause = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    pause > 0 ? pause : retryWhenBusyMs,
  );
}

/** Replaces the method once; false when this kafkajs is built otherwise, and then nothing is changed. */
export function fixThrottleTimer(): boolean {
  const methods = RequestQueue.prototype;
  if (typeof methods.scheduleCheckPendingRequests !== 'function' || typeof methods.checkPendingRequests !== 'function') return false;
  methods.scheduleCheckPendingRequests = scheduleCheckOfWaiting;
  return true;
}
