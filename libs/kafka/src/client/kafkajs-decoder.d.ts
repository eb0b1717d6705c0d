declare module 'kafkajs/src/protocol/decoder.js' {
  import type { HeaderDecoder } from './header-fold-fix.js';

  /** Inner class of kafkajs 2.2.4, for which it ships no types. */
  const Decoder: {
    new (buffer: Buffer): HeaderDecoder;
    prototype: HeaderDecoder & { readVarIntArray: unknown };
  };
  export default Decoder;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/index.js' {
  /** Encodes one record. */
  const encodeRecord: (record: { key: null; value: null; headers: Record<string, string | string[]> }) => { buffer: Buffer };
  export default encodeRecord;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/decoder.js' {
  import type { FoldedHeaders, HeaderDecoder } from './header-fold-fix.js';

  /** Decodes one record behind its length. */
  const decodeRecord: (decoder: HeaderDecoder, batch: { firstOffset: string; firstTimestamp: string }) => { headers: FoldedHeaders };
  export default decodeRecord;
}
