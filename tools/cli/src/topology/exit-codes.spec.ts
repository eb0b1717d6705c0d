import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { main } from '../main.js';

/** Standard output, standard error, and the exit code of a command line. */
async function run(...words: string[]): Promise<{ out: string; err: string; code: number }> {
  const said = { out: '', err: '' };
  const take = (where: 'out' | 'err') => (text: unknown) => void (said[where] += `${String(text)}\n`);
  jest.spyOn(console, 'log').mockImplementation(take('out'));
  jest.spyOn(console, 'error').mockImplementation(take('err'));
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (take('out')(text), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => (take('err')(text), true));
  // commander ends the process for --help and for words that it does not know.
  jest.spyOn(process, 'exit').mockImplementation((code) => {
    process.exitCode = code ?? 0;
    throw new Error('ended');
  });
  await main(['node', 'lifeos', ...words]);
  jest.restoreAllMocks();
  return { ...said, code: Number(process.exitCode ?? 0) };
}

describe('exit codes of lifeos topology and lifeos asyncapi', () => {
  let before: typeof process.exitCode;
  beforeEach(() => {
    before = process.exitCode;
    process.exitCode = undefined;
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = before;
  });

  it.each([
    [['topology'], /^lifeos\.achievements\.v1\..*  from achievements$/m],
    [['topology', '--json'], /^\[\n/],
    [['topology', '--mermaid'], /^flowchart LR\n/],
    [['asyncapi'], /"title": "Life OS"/],
    [['asyncapi', 'quests'], /"title": "Life OS: quests"/],
  ])('%j: 0, the answer on standard output alone', async (words, answer) => {
    expect(await run(...words)).toEqual({ out: expect.stringMatching(answer), err: '', code: 0 });
  });

  it.each([
    [['asyncapi', 'nothing'], 'There is no service nothing; there are achievements, '],
    [['topology', '--yaml'], "unknown option '--yaml'"],
    [['topology', '--json', '--mermaid'], "option '--json' cannot be used with option '--mermaid'"],
    [['asyncapi', 'quests', 'stats'], 'too many arguments'],
  ])('%j: 1, in words, and nothing on standard output', async (words, message) => {
    expect(await run(...words)).toEqual({ out: '', err: expect.stringContaining(message), code: 1 });
  });

  it.each(['topology', 'asyncapi'])('%s --help tells of them', async (command) => {
    expect((await run(command, '--help')).out.replaceAll(/\s+/g, ' ')).toContain('exit code 1 when');
  });
});
