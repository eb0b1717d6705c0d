declare module 'kafkajs/src/network/requestQueue/index.js' {
  import type { ThrottledQueue } from './throttle-timer-fix.js';

  /** Inner class of kafkajs 2.2.4, for which it ships no types. */
  const RequestQueue: {
    prototype: ThrottledQueue & { scheduleCheckPendingRequests(this: ThrottledQueue): void };
  };
  export default RequestQueue;
}
