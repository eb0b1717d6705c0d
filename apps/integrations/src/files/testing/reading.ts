import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FileFormat, FileRow } from '../file-format.js';

/** The bytes of a text, so many at a time. */
export async function* pieces(text: string, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function allOf(format: FileFormat, input: AsyncIterable<Uint8Array>): Promise<FileRow[]> {
  const all: FileRow[] = [];
  for await (const rows of format.read(input)) all.push(...rows);
  return all;
}

/** Reads a file made up on the way, and looks every few megabytes at what is still held after a collection. */
export async function heapGrowthOf(format: FileFormat, texts: Iterable<string>): Promise<{ rows: number; bytes: number; growth: number }> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const seen = { rows: 0, bytes: 0, lowest: Number.POSITIVE_INFINITY, growth: 0 };
  const look = (): void => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    // Against what was held before: what other tests of the process have left may go meanwhile, which is no growth.
    seen.lowest = Math.min(seen.lowest, heapUsed + external);
    seen.growth = Math.max(seen.growth, heapUsed + external - seen.lowest);
  };
  async function* input(): AsyncGenerator<Uint8Array> {
    let lines: string[] = [];
    let length = 0;
    let looked = 0;
    for (const text of texts) {
      lines.push(text);
      length += text.length;
      if (length < 64 * 1024) continue;
      yield Buffer.from(lines.join(''));
      seen.bytes += length;
      [lines, length] = [[], 0];
      if (seen.bytes - looked < 4_000_000) continue;
      looked = seen.bytes;
      look();
    }
    yield Buffer.from(lines.join(''));
    seen.bytes += length;
  }
  for await (const rows of format.read(input())) seen.rows += rows.length;
  look();
  return { rows: seen.rows, bytes: seen.bytes, growth: seen.growth };
}
