import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type FilePlan, planFiles } from './file-plan.js';

export interface GenerateResult {
  /** Files that differ from what the schemas ask for, as paths from the root. */
  readonly written: readonly string[];
  /** Generated files that no schema asks for any more. */
  readonly removed: readonly string[];
  /** What is wrong with schema files; nothing was generated from those beside them. */
  readonly faults: readonly string[];
}

/**
 * Brings the generated code in line with the schemas under `root`. With `check` nothing is touched, the
 * result says what would change. The same schemas always give the same bytes. A faulty schema keeps
 * the public contracts, or the one app that it belongs to, as they are.
 */
export function generate(root: string, options: { readonly check: boolean }): GenerateResult {
  const plan = planFiles(root);
  const written = [...plan.files].filter(([path, text]) => textOf(join(root, path)) !== text).map(([path]) => path);
  const removed = leftovers(root, plan);
  if (!options.check) {
    for (const path of written) write(join(root, path), plan.files.get(path) ?? '');
    for (const path of removed) rmSync(join(root, path));
  }
  return { written, removed, faults: plan.faults };
}

const textOf = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function leftovers(root: string, plan: FilePlan): string[] {
  return plan.folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !plan.files.has(path))
    .sort();
}
