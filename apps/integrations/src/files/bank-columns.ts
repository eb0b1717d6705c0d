/** Spellings of the columns, in lower case. */
const spellings = {
  date: ['date', 'booking date', 'booking_date', 'transaction date', 'value date', 'datum', 'buchungstag', 'buchungsdatum', 'timestamp'],
  amount: ['amount', 'amount (eur)', 'betrag', 'betrag (eur)', 'umsatz', 'value'],
  currency: ['currency', 'währung', 'waehrung', 'currency code'],
} as const;

/** Where the columns that matter stand in a row. */
export interface BankColumns {
  readonly date: number;
  readonly amount: number;
  /** -1 without one: euros. */
  readonly currency: number;
}

/** Null when the row is no header of a bank statement. */
export function columnsOf(header: readonly string[]): BankColumns | null {
  const names = header.map((name) => name.replace(/^\uFEFF/, '').trim().toLowerCase());
  const place = (known: readonly string[]): number => names.findIndex((name) => known.includes(name));
  const columns = { date: place(spellings.date), amount: place(spellings.amount), currency: place(spellings.currency) };
  return columns.date < 0 || columns.amount < 0 ? null : columns;
}

export type Delimiter = ',' | ';' | '\t';

/** The sign that stands most often in the first line. */
export function delimiterOf(firstLine: string): Delimiter {
  const times = (sign: string): number => firstLine.split(sign).length;
  return ([';', '\t', ','] as const).reduce((best, sign) => (times(sign) > times(best) ? sign : best), ',');
}

/** Reads an amount. Where columns are parted by semicolons, the comma parts the cents. Null when it is none. */
export function amountOf(text: string, delimiter: Delimiter): number | null {
  const plain = text.replace(/[\s\u00A0€]|EUR/g, '').replace('−', '-');
  const written = delimiter === ';' ? continental(plain) : english(plain);
  if (written === null) return null;
  const value = Number(written);
  return Number.isFinite(value) ? value : null;
}

function continental(text: string): string | null {
  if (/^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/.test(text)) return text.replaceAll('.', '').replace(',', '.');
  return /^[+-]?\d+\.\d{1,2}$/.test(text) ? text : null;
}

function english(text: string): string | null {
  if (/^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/.test(text)) return text.replaceAll(',', '');
  return /^[+-]?\d+,\d{1,2}$/.test(text) ? text.replace(',', '.') : null;
}

export type BookedAt = { readonly day: string } | { readonly time: string };

/** `2026-11-20`, `20.11.2026`, or a time with its zone. Null for anything else: 11/20/2026 may be two days. */
export function bookedAt(text: string): BookedAt | null {
  const given = text.trim();
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(given)) return { time: given };
  const [, day, month, year] = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(given) ?? [];
  const iso = year === undefined ? given : `${year}-${month}-${day}`;
  return isDay(iso) ? { day: iso } : null;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
