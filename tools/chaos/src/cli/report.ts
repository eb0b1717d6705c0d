import pc from 'picocolors';
import { isClean, type Verdict } from '../history/history.js';
import { type Figure, isKept } from '../trial.js';

/** One run of one kill point or trial. */
export interface Run {
  readonly name: string;
  readonly seed: number;
  /** False when the point was not reached. */
  readonly happened: boolean;
  readonly verdict: Verdict | null;
  readonly figures: readonly Figure[];
  readonly troubles: readonly string[];
}

/** All runs of one name. */
export interface Row {
  readonly name: string;
  readonly runs: number;
  readonly happened: number;
  readonly lost: number;
  readonly doubled: number;
  readonly orderBreaks: number;
  readonly untrue: number;
  readonly wireDuplicates: number;
  readonly events: number;
  readonly figures: readonly Figure[];
  readonly failedSeeds: readonly number[];
}

export const hasPassed = ({ happened, verdict, figures, troubles }: Run): boolean =>
  happened && troubles.length === 0 && (verdict === null || isClean(verdict)) && figures.every(isKept);

export function rowsOf(runs: readonly Run[]): Row[] {
  return [...new Set(runs.map(({ name }) => name))].map((name) => rowOf(name, runs.filter((run) => run.name === name)));
}

function rowOf(name: string, runs: readonly Run[]): Row {
  const sum = (count: (verdict: Verdict) => number): number => runs.reduce((total, { verdict }) => total + (verdict === null ? 0 : count(verdict)), 0);
  return {
    name,
    runs: runs.length,
    happened: runs.filter(({ happened }) => happened).length,
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    orderBreaks: sum(({ orderBreaks }) => orderBreaks),
    untrue: sum(({ untrue }) => untrue),
    wireDuplicates: sum(({ wireDuplicates }) => wireDuplicates),
    events: sum(({ events }) => events),
    figures: worstOf(runs.flatMap(({ figures }) => figures)),
    failedSeeds: runs.filter((run) => !hasPassed(run)).map(({ seed }) => seed),
  };
}

/** The largest of each figure. */
function worstOf(figures: readonly Figure[]): Figure[] {
  const worst = new Map<string, Figure>();
  for (const figure of figures) if (figure.value >= (worst.get(figure.what)?.value ?? -Infinity)) worst.set(figure.what, figure);
  return [...worst.values()];
}

const heads = ['point', 'runs', 'events', 'lost', 'doubled', 'order', 'untrue', 'wire copies', 'passed'];

/** Lines of the table; what failed is marked, with the seeds that play it again. */
export function tableLines(rows: readonly Row[]): string[] {
  const cells = [heads, ...rows.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '));
  const [head = '', ...body] = lines;
  return [pc.bold(head), ...body.flatMap((line, index) => [marked(line, rows[index]), ...underLine(rows[index])])];
}

const marked = (line: string, row: Row | undefined): string => (row === undefined || row.failedSeeds.length === 0 ? line : pc.red(line));

function cellsOf(row: Row): string[] {
  const counts = [row.runs, row.events, row.lost, row.doubled, row.orderBreaks, row.untrue, row.wireDuplicates];
  return [row.name, ...counts.map(String), row.failedSeeds.length === 0 ? 'yes' : 'NO'];
}

function underLine(row: Row | undefined): string[] {
  if (row === undefined) return [];
  const figures = row.figures.map((figure) => `    ${figure.what}: ${Number(figure.value.toPrecision(4))} ${figure.unit}${figure.atMost === null ? '' : ` (at most ${figure.atMost})`}`);
  const failed = row.failedSeeds.map((seed) => pc.red(`    failed: npm run chaos -- --points=${row.name} --seed=${seed}`));
  return [...figures, ...failed];
}
