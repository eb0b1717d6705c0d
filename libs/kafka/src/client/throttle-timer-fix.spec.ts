import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { fixThrottleTimer, scheduleCheckOfWaiting, type ThrottledQueue } from './throttle-timer-fix.js';

describe('throttle timer of kafkajs', () => {
  const original = RequestQueue.prototype.scheduleCheckPendingRequests;

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    RequestQueue.prototype.scheduleCheckPendingRequests = original;
    jest.useRealTimers();
  });

  function queueWith(waiting: number, throttledUntil = -1): ThrottledQueue & { checks: number } {
    const queue = {
      pending: Array.from({ length: waiting }, () => ({})),
      throttledUntil,
      throttleCheckTimeoutId: null,
      checks: 0,
      checkPendingRequests: () => {
        queue.checks += 1;
      },
    };
    return queue;
  }

  it('sets no timer while nothing waits', () => {
    const queue = queueWith(0);
    scheduleCheckOfWaiting.call(queue);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends what waits when the pause that the broker asked for ends', () => {
    const queue = queueWith(1, 1_000_500);
    scheduleCheckOfWaiting.call(queue);
    jest.advanceTimersByTime(499);
    expect(queue.checks).toBe(0);
    jest.advanceTimersByTime(1);
    expect(queue.checks).toBe(1);
  });

  it('looks again soon when too many requests are in flight', () => {
    const queue = queueWith(3);
    scheduleCheckOfWaiting.call(queue);
    jest.advanceTimersByTime(10);
    expect(queue.checks).toBe(1);
  });

  it('keeps one timer', () => {
    const queue = queueWith(1, 1_000_500);
    scheduleCheckOfWaiting.call(queue);
    scheduleCheckOfWaiting.call(queue);
    expect(jest.getTimerCount()).toBe(1);
  });

  it('takes the place of the method of this kafkajs', () => {
    expect(fixThrottleTimer()).toBe(true);
    expect(RequestQueue.prototype.scheduleCheckPendingRequests).toBe(scheduleCheckOfWaiting);
  });
});
