import { Readable } from 'node:stream';
import { CsvError, parse, type Parser } from 'csv-parse';
import { amountOf, type BankColumns, bookedAt, columnsOf, type Delimiter, delimiterOf } from './bank-columns.js';
import { DaySlots } from './day-slots.js';
import { type FileFormat, type FileRow, FileUnreadable } from './file-format.js';

const longestRow = 100_000;
const rowsAList = 1_000;

interface ParsedRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** A bank statement: a header, then a row a transaction. */
export const bankCsv: FileFormat = {
  expects: 'a CSV file with a header that names a date and an amount',
  async *read(input) {
    const { delimiter, whole } = await peek(input);
    const refused: FileRow[] = [];
    const parser = parserFor(delimiter, refused);
    const feed = Readable.from(whole, { objectMode: false });
    feed.on('error', (error) => parser.destroy(error)).pipe(parser);
    try {
      yield* rowsOf(parser, { delimiter, refused });
    } catch (error) {
      throw error instanceof CsvError ? new FileUnreadable(lineOf(error), reasonOf(error)) : error;
    } finally {
      feed.destroy();
      parser.destroy();
    }
  },
};

async function* rowsOf(parser: Parser, { delimiter, refused }: { delimiter: Delimiter; refused: FileRow[] }): AsyncGenerator<readonly FileRow[]> {
  let reading: BankRows | null = null;
  let rows: FileRow[] = [];
  for await (const { record, info } of parser as AsyncIterable<ParsedRow>) {
    const line = info.lines;
    if (reading) rows.push(reading.row(record, line));
    else reading = new BankRows(headerOf(record, line), delimiter, record.length);
    rows.push(...refused.splice(0));
    if (rows.length < rowsAList) continue;
    yield rows;
    rows = [];
  }
  if (!reading) throw new FileUnreadable(1, 'the file has no header');
  yield [...rows, ...refused.splice(0)];
}

class BankRows {
  private readonly slots = new DaySlots();

  constructor(
    private readonly columns: BankColumns,
    private readonly delimiter: Delimiter,
    private readonly width: number,
  ) {}

  row(record: readonly string[], line: number): FileRow {
    if (record.length !== this.width) return { line, dataType: 'transaction', reason: `the row has ${record.length} columns, not ${this.width}` };
    const value = amountOf(record[this.columns.amount] ?? '', this.delimiter);
    if (value === null) return { line, dataType: 'transaction', reason: 'the amount is no amount' };
    const recorded_at = this.timeOf(record);
    if (recorded_at === null) return { line, dataType: 'transaction', reason: 'the date is neither YYYY-MM-DD nor DD.MM.YYYY, nor a time with a zone' };
    const unit = record[this.columns.currency]?.trim() || 'EUR';
    if (!/^[A-Z]{3}$/.test(unit)) return { line, dataType: 'transaction', reason: 'the currency is no code of three letters' };
    return { line, point: { metric: 'transaction.amount', value, unit, recorded_at } };
  }

  private timeOf(record: readonly string[]): string | Date | null {
    const booked = bookedAt(record[this.columns.date] ?? '');
    if (booked === null || 'time' in booked) return booked?.time ?? null;
    return this.slots.take(booked.day, record.join('\u001F'));
  }
}

function headerOf(record: readonly string[], line: number): BankColumns {
  const columns = columnsOf(record);
  if (!columns) throw new FileUnreadable(line, 'the header names no date and no amount');
  return columns;
}

function parserFor(delimiter: Delimiter, refused: FileRow[]): Parser {
  const parser = parse({ delimiter, bom: true, info: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, skip_records_with_error: true, max_record_size: longestRow });
  parser.on('skip', (error: CsvError | undefined) => {
    if (error) refused.push({ line: lineOf(error), dataType: 'transaction', reason: reasonOf(error) });
  });
  return parser;
}

/** Reads up to the end of the first line, and gives the whole again. */
async function peek(input: AsyncIterable<Uint8Array>): Promise<{ delimiter: Delimiter; whole: AsyncIterable<Uint8Array> }> {
  const chunks = input[Symbol.asyncIterator]();
  const begin: Uint8Array[] = [];
  let text = '';
  while (!/[\r\n]/.test(text.trimStart())) {
    const { value, done } = await chunks.next();
    if (done) break;
    begin.push(value);
    text += Buffer.from(value).toString('utf8');
    if (text.length > longestRow) throw new FileUnreadable(1, 'the first line is longer than any header');
  }
  return { delimiter: delimiterOf(text.trimStart().split(/[\r\n]/, 1)[0] ?? ''), whole: whole(begin, chunks) };
}

async function* whole(begin: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* begin;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

const lineOf = (error: CsvError): number => Number(Reflect.get(error, 'lines') ?? 1);

const reasons: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is not closed',
  CSV_MAX_RECORD_SIZE: `the row is longer than ${longestRow} characters; a quotation mark before it may not be closed`,
};

const reasonOf = ({ code }: CsvError): string => reasons[code] ?? `the row is no CSV (${code})`;
