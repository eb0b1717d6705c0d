import pc from 'picocolors';
import { median, ratios, spread, type Spread } from './statistics.js';
import type { Row, Target } from './scenario.js';

/** A figure's values, one a repetition. */
export type Figures = ReadonlyMap<string, readonly number[]>;

export interface RowResult extends Spread {
  readonly what: string;
  readonly figure: string;
  readonly unit: Row['unit'];
  readonly values: readonly number[];
  readonly reference: string | null;
  /** Median of the ratios within each repetition. */
  readonly ratio: number | null;
  readonly target: string;
  /** null: no target, or it was not measured. */
  readonly met: boolean | null;
}

export function rowResult(row: Row, figures: Figures): RowResult {
  const values = figures.get(row.figure) ?? [];
  const references = row.reference === undefined ? undefined : figures.get(row.reference);
  const ratio = references === undefined || values.length === 0 ? null : median(ratios(values, references));
  return {
    what: row.what,
    figure: row.figure,
    unit: row.unit,
    values,
    ...spread(values),
    reference: row.reference ?? null,
    ratio,
    target: row.target === undefined ? '' : targetText(row.target, row.unit),
    met: row.target === undefined ? null : isMet(row.target, median(values), ratio),
  };
}

function isMet(target: Target, value: number, ratio: number | null): boolean | null {
  const measured = target.of === 'value' ? value : ratio;
  if (measured === null || Number.isNaN(measured)) return null;
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost;
}

function targetText(target: Target, unit: Row['unit']): string {
  const [sign, bound] = 'atLeast' in target ? ['>=', target.atLeast] : ['<=', target.atMost];
  return target.of === 'ratio' ? `${sign} ${bound} x` : `${sign} ${amount(bound)} ${unit}`;
}

/** Three digits that count: 31.4 k, 1.06 k, 845, 2.4, 0.18. */
export function amount(value: number): string {
  if (Number.isNaN(value) || !Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 1e6) return `${digits(value / 1e6)} M`;
  if (Math.abs(value) >= 1e3) return `${digits(value / 1e3)} k`;
  return digits(value);
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

const heads = ['what', 'unit', 'min', 'median', 'max', 'ratio', 'target', 'met'];

/** Lines of the table; what misses its target is marked. */
export function tableLines(rows: readonly RowResult[]): string[] {
  const cells = [heads, ...rows.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => line.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  '));
  const [head = '', ...body] = lines;
  return [pc.bold(head), ...body.map((line, index) => (rows[index]?.met === false ? pc.yellow(line) : line))];
}

function cellsOf(row: RowResult): string[] {
  const met = row.met === null ? '' : row.met ? 'yes' : 'NO';
  const ratio = row.ratio === null ? '' : amount(row.ratio);
  return [row.what, row.unit, amount(row.min), amount(row.median), amount(row.max), ratio, row.target, met];
}

function pad(cell: string, width: number, column: number): string {
  return column >= 2 && column <= 5 ? cell.padStart(width) : cell.padEnd(width);
}
