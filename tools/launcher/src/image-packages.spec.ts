import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { services } from '@lifeos/cli';
import { checkout } from '@lifeos/local';
import ts from 'typescript';

/**
 * An image holds the packages that its own workspaces declare (`npm ci --omit=dev --workspace …`), a checkout those of everybody:
 * what is imported undeclared works everywhere but in a container.
 */
describe('what runs in images', () => {
  it.each([['lifeos', 'tools/cli/bin/lifeos.mjs'], ...services.map((name) => [name, `apps/${name}/dist/main.js`] as const)])(
    '%s imports declared packages alone',
    (_name, entry) => {
      const { files, undeclared } = reach(join(checkout, entry));
      expect(files).toBeGreaterThan(10);
      expect(undeclared).toEqual([]);
    },
    60_000,
  );
});

/** Follows imports through the built files of all workspaces. */
function reach(entry: string): { files: number; undeclared: string[] } {
  const undeclared: string[] = [];
  const seen = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { fileName: specifier } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
      if (specifier.startsWith('.')) waiting.push(resolve(dirname(file), specifier));
      else if (!specifier.startsWith('node:')) {
        const name = packageOf(specifier);
        if (!declaredFor(file).has(name)) undeclared.push(`${specifier} in ${relative(checkout, file)}`);
        if (name.startsWith('@lifeos/')) waiting.push(workspaceFile(specifier, name));
      }
    }
  }
  return { files: seen.size, undeclared };
}

const packageOf = (specifier: string): string => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, { readonly default: string }>>;
}

const manifestIn = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

function declaredFor(file: string): ReadonlySet<string> {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return new Set(Object.keys(manifestIn(folder).dependencies ?? {}));
}

function workspaceFile(specifier: string, name: string): string {
  const folder = join(checkout, 'node_modules', name);
  return join(folder, manifestIn(folder).exports[`.${specifier.slice(name.length)}`]?.default ?? '');
}
