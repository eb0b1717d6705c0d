import type { RawPoint } from '../points/check-points.js';
import type { DataType } from '../points/metrics.js';

/** A row that holds a reading, or one that should and does not. Rows about other things are passed over. */
export type FileRow = { readonly line: number; readonly point: RawPoint } | { readonly line: number; readonly dataType: DataType; readonly reason: string };

/** A kind of file that readings are taken from. */
export interface FileFormat {
  /** What a person has to bring, for messages. */
  readonly expects: string;
  /**
   * Reads a file as it comes, in memory that does not grow with it. Rows come in the order of the file,
   * in lists of any length; lines count from 1.
   * @throws FileUnreadable when the file as a whole is none of this kind.
   */
  read(input: AsyncIterable<Uint8Array>): AsyncGenerator<readonly FileRow[], void, undefined>;
}

/** The file as a whole is unusable from a line on. */
export class FileUnreadable extends Error {
  readonly retryable = false;

  constructor(
    readonly line: number,
    readonly reason: string,
  ) {
    super(`Line ${line}: ${reason}`);
    this.name = 'FileUnreadable';
  }
}
