declare module 'kafkajs/src/consumer/consumerGroup.js' {
  import type { FetchingMember } from './quiet-fetch.js';

  /** Inner class of kafkajs 2.2.4, for which it ships no types. */
  const ConsumerGroup: { prototype: Pick<FetchingMember, 'fetch'> };
  export default ConsumerGroup;
}
