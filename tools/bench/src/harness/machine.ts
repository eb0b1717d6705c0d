import { execFileSync } from 'node:child_process';
import { cpus, freemem, loadavg, totalmem, version } from 'node:os';

/** Facts that a figure means little without. */
export interface MachineFacts {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly freeMemoryGb: number;
  readonly loadAverage: readonly number[];
  readonly system: string;
  readonly node: string;
  readonly commit: string;
}

export function machineFacts(): MachineFacts {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: gigabytes(totalmem()),
    freeMemoryGb: gigabytes(freemem()),
    loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
    system: version(),
    node: process.version,
    commit: commit(),
  };
}

export function machineLine(facts: MachineFacts): string {
  return (
    `${facts.cores} x ${facts.cpu}, ${facts.memoryGb} GB (${facts.freeMemoryGb} free), load ${facts.loadAverage.join(' ')}, ` +
    `Node ${facts.node}, commit ${facts.commit}`
  );
}

function gigabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 30);
}

/** Short hash, with a mark when the working copy differs; a copy without git has none. */
function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
