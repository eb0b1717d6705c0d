import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import type { MachineFacts } from './machine.js';
import type { ProcessNote } from './messages.js';
import type { ScenarioResult } from './run-scenario.js';
import type { Check } from './scenario.js';
import { rowResult, tableLines, type RowResult } from './table.js';

export interface Report {
  readonly startedAt: string;
  readonly quick: boolean;
  readonly repetitions: number;
  readonly before: MachineFacts;
  readonly after: MachineFacts;
  readonly parts: readonly ProcessNote[];
  readonly scenarios: readonly ScenarioReport[];
}

interface ScenarioReport {
  readonly name: string;
  readonly about: string;
  readonly rows: readonly RowResult[];
  readonly checks: readonly (Check & { readonly run: string })[];
  readonly failures: readonly string[];
  readonly processes: readonly ProcessNote[];
}

export function scenarioReport(result: ScenarioResult): ScenarioReport {
  const { scenario, figures, checks, failures, processes } = result;
  const rows = scenario.rows.map((row) => rowResult(row, figures));
  return { name: scenario.name, about: scenario.about, rows, checks, failures, processes };
}

/** Checks that failed and runs that failed, one line each; empty means all is right. */
export function faults(report: Report): string[] {
  return report.scenarios.flatMap(({ checks, failures }) => [
    ...failures,
    ...checks
      .filter((check) => check.actual !== check.expected)
      .map((check) => `${check.run}: ${check.what} should be ${check.expected}, is ${check.actual}`),
  ]);
}

export function printReport(report: Report): void {
  for (const scenario of report.scenarios) {
    console.log(`\n${pc.bold(scenario.name)}: ${scenario.about}`);
    for (const line of tableLines(scenario.rows)) console.log(`  ${line}`);
  }
  const checks = report.scenarios.reduce((count, scenario) => count + scenario.checks.length, 0);
  const wrong = faults(report);
  console.log(`\n${checks} checks of rows and records, ${wrong.length} faults`);
  for (const fault of wrong) console.log(pc.red(`  ${fault}`));
}

/** Writes the whole report as JSON and returns the file's path. */
export function writeReport(report: Report, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${fileStamp(report.startedAt)}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

/** An ISO time as a file name: 2026-11-21T11-53-04. */
export function fileStamp(iso: string): string {
  return iso.slice(0, 19).replaceAll(':', '-');
}
