import { type Log } from '@lifeos/local';
import colors from 'picocolors';

export interface Terminal {
  /** A line that stays. */
  readonly say: Log;
  /** Runs a step: its progress is one line that is written over, on a terminal, and plain lines elsewhere. */
  step<T>(name: string, work: (log: Log) => Promise<T>, outcome: (result: T) => string): Promise<T>;
}

export function createTerminal(out: NodeJS.WriteStream = process.stdout): Terminal {
  const rewrites = out.isTTY && !process.env['CI'];
  const clear = rewrites ? '\r\u001b[2K' : '';
  const say: Log = (line) => void out.write(`${clear}${line}\n`);
  const progress = (name: string): Log => (line) => {
    const text = `${name}: ${line}`;
    out.write(rewrites ? `${clear}${colors.dim(text.slice(0, (out.columns || 80) - 1))}` : `  ${text}\n`);
  };
  return {
    say,
    async step(name, work, outcome) {
      const start = performance.now();
      const result = await work(progress(name));
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      say(`${colors.green('✓')} ${name.padEnd(22)} ${outcome(result)} ${colors.dim(`(${seconds} s)`)}`);
      return result;
    },
  };
}

/** Columns as wide as their longest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}
