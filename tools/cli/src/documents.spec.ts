import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { program } from './main.js';
import { workspaceRoot } from './workspace.js';

const pagesUnder = (folder: string): string[] =>
  readdirSync(join(workspaceRoot, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
const readmesOf = (folder: string): string[] => readdirSync(join(workspaceRoot, folder)).map((name) => join(folder, name, 'README.md'));
const pages = ['README.md', ...pagesUnder('docs'), ...['apps', 'libs', 'tools'].flatMap(readmesOf)].filter((page) => existsSync(join(workspaceRoot, page)));
const { scripts } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** Every command of a page: lines of its shell blocks, and code in its text. */
function commandsOf(page: string, start: string): string[] {
  const text = readFileSync(join(workspaceRoot, page), 'utf8');
  return [...text.matchAll(/^ *(?:\$ )?((?:npm|npx|docker) .*)$|`((?:npm|npx|docker) [^`]*)`/gm)].map(([, line, code]) => line ?? code ?? '').filter((command) => command.startsWith(start));
}

/** The words of a command line that name no command or flag. */
function unknownWords(words: readonly string[]): string[] {
  let at: Command = program();
  const path = [...words];
  while (at.commands.length > 0 && path[0] !== undefined && !path[0].startsWith('-')) {
    const word = path.shift();
    const next = at.commands.find((command) => command.name() === word);
    if (next === undefined) return [String(word)];
    at = next;
  }
  const known = new Set(['--help', ...at.options.flatMap(({ long }) => long ?? [])]);
  return path.filter((word) => word.startsWith('--') && !known.has(word));
}

describe.each(pages)('%s', (page) => {
  it('links to pages that exist', () => {
    const links = [...readFileSync(join(workspaceRoot, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(join(workspaceRoot, dirname(page), link)))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = commandsOf(page, 'npm run ').map((command) => command.split(/\s+/)[2] ?? '');
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('names lifeos commands and flags that exist', () => {
    const named = commandsOf(page, 'npx lifeos ').map((command) => command.split(/\s+[#>]/)[0]?.trim().split(/\s+/).slice(2).flatMap((word) => word.split('|')[0] ?? []) ?? []);
    expect(named.flatMap(unknownWords)).toEqual([]);
  });
});
