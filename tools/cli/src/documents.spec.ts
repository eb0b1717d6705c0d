import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { program } from './main.js';
import { workspaceRoot } from './workspace.js';

const pages = ['README.md', ...readdirSync(join(workspaceRoot, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
const { scripts } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** Every command of a page: lines of its shell blocks, and code in its text. */
function commandsOf(page: string, start: string): string[] {
  const text = readFileSync(join(workspaceRoot, page), 'utf8');
  return [...text.matchAll(/^ *(?:\$ )?((?:npm|npx|docker) .*)$|`((?:npm|npx|docker) [^`]*)`/gm)].map(([, line, code]) => line ?? code ?? '').filter((command) => command.startsWith(start));
}

/** The first word of a command line that names no command, or undefined. */
function unknownWord(words: readonly string[]): string | undefined {
  let at: Command = program();
  for (const word of words) {
    if (at.commands.length === 0 || word.startsWith('-')) return undefined;
    const next = at.commands.find((command) => command.name() === word);
    if (next === undefined) return word;
    at = next;
  }
  return undefined;
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

  it('names lifeos commands that exist', () => {
    const named = commandsOf(page, 'npx lifeos ').map((command) => command.split(/\s+/).slice(2).flatMap((word) => word.split('|')[0] ?? []));
    expect(named.map(unknownWord).filter((word) => word !== undefined)).toEqual([]);
  });
});
