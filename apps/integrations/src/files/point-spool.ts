import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Point } from '../points/check-points.js';

/**
 * Points of a file until all of it was read: nothing is taken from a file that turns out to be broken,
 * and memory does not grow with it. The place on disk has no name any more once it is open, so that
 * nothing stays behind after a crash.
 */
export class PointSpool {
  private at = 0;

  private constructor(private readonly file: FileHandle) {}

  static async create(): Promise<PointSpool> {
    const path = join(tmpdir(), `lifeos-import-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    try {
      await unlink(path);
      return new PointSpool(file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async add(points: readonly Point[]): Promise<void> {
    if (points.length === 0) return;
    const lines = points.map(({ metric, value, unit, recorded_at }) => `${JSON.stringify([metric, value, unit, recorded_at.getTime()])}\n`);
    const bytes = Buffer.from(lines.join(''));
    await this.file.appendFile(bytes);
    this.at += bytes.length;
  }

  /** In the order in which they came, in lists of `size`, the last one shorter; one empty list when there are none. */
  async *lists(size: number): AsyncGenerator<{ points: readonly Point[]; isLast: boolean }, void, undefined> {
    let points: Point[] = [];
    if (this.at > 0) {
      const input = this.file.createReadStream({ start: 0, end: this.at - 1, autoClose: false, encoding: 'utf8' });
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        if (points.length === size) {
          yield { points, isLast: false };
          points = [];
        }
        points.push(pointOf(line));
      }
    }
    yield { points, isLast: true };
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function pointOf(line: string): Point {
  const [metric, value, unit, time] = JSON.parse(line) as [string, number, string, number];
  return { metric, value, unit, recorded_at: new Date(time) };
}
