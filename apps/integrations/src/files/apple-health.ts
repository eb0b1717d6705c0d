import { type SaxesAttributePlain, SaxesParser } from 'saxes';
import { isoOf } from './apple-time.js';
import { type FileFormat, type FileRow, FileUnreadable } from './file-format.js';
import { Nights } from './nights.js';

/** An element, comment or text longer than this is no Apple Health export; the parser would keep all of it. */
const longestPieceBytes = 1_000_000;
const deepest = 50;
const sleepRecord = 'HKCategoryTypeIdentifierSleepAnalysis';

type Attributes = Readonly<Record<string, string>>;

/** The export.xml of Apple Health: workouts, and the hours slept in each night. */
export const appleHealth: FileFormat = {
  expects: 'the export.xml out of the archive that Apple Health exports',
  async *read(input) {
    const reading = new Reading();
    const decoder = new TextDecoder();
    for await (const chunk of input) yield reading.take(decoder.decode(chunk, { stream: true }), chunk.byteLength);
    yield reading.take(decoder.decode(), 0);
    yield reading.end();
  },
};

class Reading {
  private readonly parser = new SaxesParser<{ position: true }>({ position: true });
  private readonly nights = new Nights();
  private rows: FileRow[] = [];
  private depth = 0;
  private sawRoot = false;
  private sinceTag = 0;

  constructor() {
    this.parser.on('error', ({ message }) => {
      throw new FileUnreadable(this.parser.line, `the XML is not well-formed (${message.replace(/^\d+:\d+: /, '')})`);
    });
    this.parser.on('opentag', ({ name, attributes }) => this.open(name, attributes));
    this.parser.on('closetag', () => {
      this.depth -= 1;
      this.sinceTag = 0;
    });
  }

  take(text: string, bytes: number): readonly FileRow[] {
    this.sinceTag += bytes;
    this.parser.write(text);
    if (this.sinceTag > longestPieceBytes) throw new FileUnreadable(this.parser.line, 'is longer than any element of an Apple Health export');
    return this.taken();
  }

  end(): readonly FileRow[] {
    this.parser.close();
    this.rows.push(...this.nights.rows());
    return this.taken();
  }

  private taken(): readonly FileRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  private open(name: string, attributes: Record<string, SaxesAttributePlain | string>): void {
    this.sinceTag = 0;
    this.depth += 1;
    if (this.depth > deepest) throw new FileUnreadable(this.parser.line, `is nested deeper than ${deepest} elements`);
    if (!this.sawRoot && name !== 'HealthData') throw new FileUnreadable(this.parser.line, `begins with ${name.slice(0, 50)}, not with HealthData`);
    this.sawRoot = true;
    const given = attributes as Attributes;
    if (name === 'Workout') this.rows.push(workoutRow(this.parser.line, given));
    else if (name === 'Record' && given['type'] === sleepRecord) this.sleep(given);
  }

  private sleep(given: Attributes): void {
    const reason = this.nights.add(given, this.parser.line);
    if (reason !== null) this.rows.push({ line: this.parser.line, dataType: 'sleep', reason });
  }
}

function workoutRow(line: number, { duration, durationUnit, startDate }: Attributes): FileRow {
  const recorded_at = isoOf(startDate);
  if (recorded_at === null) return { line, dataType: 'workout', reason: 'the workout has no startDate' };
  if (duration === undefined || !/^\d+(\.\d+)?(e-?\d+)?$/i.test(duration)) return { line, dataType: 'workout', reason: 'the workout has no duration' };
  return { line, point: { metric: 'workout.minutes', value: Number(duration), unit: durationUnit ?? 'min', recorded_at } };
}
