import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOf, bookedAt, delimiterOf } from './bank-columns.js';
import { bankCsv } from './bank-csv.js';
import { DaySlots } from './day-slots.js';
import { allOf, heapGrowthOf, pieces } from './testing/reading.js';

const read = (text: string, size?: number) => allOf(bankCsv, pieces(text, size));
const points = async (text: string, size?: number) => (await read(text, size)).map((row) => ('point' in row ? [row.line, row.point.value, row.point.unit] : [row.line, row.reason]));

describe('amounts', () => {
  it.each([
    ['12.50', 12.5], ['-1,234.56', -1234.56], ['1,234', 1234], ['+5', 5], ['12,50', 12.5], ['€ 3.10', 3.1], ['4.00 EUR', 4], ['−7', -7],
    ['', null], ['abc', null], ['1.2.3', null], ['1,23,456', null], ['1e5', null], ['--1', null], ['0x10', null], ['9'.repeat(400), null],
  ])('%j between commas is %j', (text, value) => expect(amountOf(text, ',')).toBe(value));

  it.each([['12,50', 12.5], ['-1.234,56', -1234.56], ['1.234', 1234], ['12.50', 12.5], ['1.234.567', 1_234_567], ['1,234.5', null]])('%j between semicolons is %j', (text, value) => {
    expect(amountOf(text, ';')).toBe(value);
  });

  it('come back from how banks write them', () => {
    fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), (cents) => {
      const value = cents / 100;
      expect(amountOf(value.toFixed(2), ',')).toBe(value);
      expect(amountOf(new Intl.NumberFormat('de-DE', { minimumFractionDigits: 2 }).format(value), ';')).toBe(value);
      expect(amountOf(new Intl.NumberFormat('en-US', { minimumFractionDigits: 2 }).format(value), ',')).toBe(value);
    }));
  });
});

describe('dates and columns', () => {
  it.each([
    ['2026-11-20', { day: '2026-11-20' }], ['20.11.2026', { day: '2026-11-20' }], ['2026-11-20T08:00:00Z', { time: '2026-11-20T08:00:00Z' }],
    ['11/20/2026', null], ['2026-02-30', null], ['31.11.2026', null], ['2026-11-20T08:00:00', null], ['', null],
  ])('%j is %j', (text, booked) => expect(bookedAt(text)).toEqual(booked));

  it.each([['a,b,c', ','], ['a;b;c,d', ';'], ['a\tb', '\t'], ['a', ',']])('%j is parted by %j', (line, delimiter) => expect(delimiterOf(line)).toBe(delimiter));
});

describe('R-27: a bank statement', () => {
  it.each([1, 3, 1000])('is read in pieces of %d bytes', async (size) => {
    const text = '\uFEFFDate,Amount,Text\r\n2026-11-20,-12.50,"Bread, butter"\r\n2026-11-21,1000,"two\nlines"\r\n\r\n2026-11-22,3,x\r\n';
    expect(await points(text, size)).toEqual([[2, -12.5, 'EUR'], [4, 1000, 'EUR'], [6, 3, 'EUR']]);
  });

  it('may be German, and name its currency', async () => {
    expect(await points('Buchungstag;Währung;Betrag\n20.11.2026;USD;-1.234,56\n')).toEqual([[2, -1234.56, 'USD']]);
  });

  it('names bad rows by their lines and goes on', async () => {
    const text = 'date,amount,currency\n2026-11-20,abc,EUR\n2026-13-01,1,EUR\n2026-11-20,1\n2026-11-20,1,euro\n2026-11-20,"1"2,EUR\n2026-11-20,5,EUR\n';
    const rows = await points(text);
    expect(rows.sort(([a], [b]) => Number(a) - Number(b))).toEqual([
      [2, 'the amount is no amount'],
      [3, 'the date is neither YYYY-MM-DD nor DD.MM.YYYY, nor a time with a zone'],
      [4, 'the row has 2 columns, not 3'],
      [5, 'the currency is no code of three letters'],
      [6, 'the amount is no amount'],
      [7, 5, 'EUR'],
    ]);
  });

  it.each([['', 'Line 1: the file has no header'], ['\n\n', 'Line 1: the file has no header'], ['a,b\n1,2\n', 'Line 1: the header names no date and no amount'], ['x'.repeat(100_001), 'longer than any header']])(
    'is refused as a whole: %#', async (text, message) => {
      await expect(read(text)).rejects.toThrow(message);
    },
  );

  it('gives each row of a day a time of its own, the same in the next statement', async () => {
    const times = async (text: string) => (await read(`date,amount,text\n${text}`)).map((row) => ('point' in row ? (row.point.recorded_at as Date).getTime() : 0));
    const first = await times('2026-11-20,-3,coffee\n2026-11-20,-3,coffee\n2026-11-20,-4,tea\n');
    expect(new Set(first).size).toBe(3);
    expect(first.every((time) => time >= Date.UTC(2026, 10, 20) && time < Date.UTC(2026, 10, 20, 1))).toBe(true);
    const second = await times('2026-11-21,-1,new\n2026-11-20,-4,tea\n2026-11-19,-9,old\n2026-11-20,-3,coffee\n2026-11-20,-3,coffee\n');
    expect(second.filter((time) => first.includes(time))).toHaveLength(3);
  });

  it('never gives two rows of a day one time', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 50 }), (texts) => {
      const slots = new DaySlots();
      expect(new Set(texts.map((text) => slots.take('2026-11-20', text)?.getTime())).size).toBe(texts.length);
    }), { numRuns: 50 });
  });

  it('of 20 MB is read in memory that does not grow', async () => {
    function* rows() {
      yield 'date,amount,text\n';
      for (let row = 0; row < 100_000; row += 1) yield `2026-${String(1 + (Math.floor(row / 4_000) % 12)).padStart(2, '0')}-${String(1 + (Math.floor(row / 400) % 28)).padStart(2, '0')},-${row % 1000}.25,purchase ${row} ${'somewhere '.repeat(17)}\n`;
    }
    const { rows: seen, bytes, growth } = await heapGrowthOf(bankCsv, rows());
    expect(seen).toBe(100_000);
    expect(bytes).toBeGreaterThan(19_000_000);
    expect(growth).toBeLessThan(48_000_000);
  }, 120_000);
});

describe('a quotation mark that is not closed', () => {
  it('costs the rows up to the next one, and is named', async () => {
    expect(await points('date,amount,text\n2026-11-20,1,"a\n2026-11-20,2,b\n')).toEqual([[expect.any(Number), 'a quotation mark is not closed']]);
  });
});
