import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const minutes = 60_000;

let copy: string;

/** Runs a tool of the workspace in the copy. @throws with what it printed when it fails. */
async function tool(script: string, ...args: string[]): Promise<string> {
  // This process's own flags are Jest's; a tool that needs them is given them.
  const env = { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: script.startsWith('jest') ? '--experimental-vm-modules' : '' };
  const { stdout, stderr } = await run(process.execPath, [join(workspace, 'node_modules', script), ...args], { cwd: copy, env, maxBuffer: 1 << 26 }).catch((error: { stdout?: string; stderr?: string }) => {
    throw new Error(`${script} ${args.join(' ')} failed\n${error.stdout ?? ''}\n${error.stderr ?? ''}`, { cause: error });
  });
  return stdout + stderr;
}

const nx = (generator: string, ...args: string[]): Promise<string> => tool('nx/dist/bin/nx.js', 'g', `@lifeos/generators:${generator}`, ...args, '--no-interactive');

/** Other packages are shared with the workspace; its own are those of the copy. */
function linkPackages(): void {
  const [theirs, ours] = [join(workspace, 'node_modules'), join(copy, 'node_modules')];
  mkdirSync(join(ours, '@lifeos'), { recursive: true });
  for (const name of readdirSync(theirs)) if (name !== '@lifeos') symlinkSync(join(theirs, name), join(ours, name));
  for (const folder of ['libs', 'apps', 'tools']) {
    for (const name of readdirSync(join(copy, folder))) {
      if (existsSync(join(copy, folder, name, 'package.json'))) symlinkSync(join(copy, folder, name), join(ours, '@lifeos', name));
    }
  }
}

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'lifeos-generators-'));
  const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: workspace, maxBuffer: 1 << 26 });
  for (const path of stdout.split('\0').filter(Boolean)) if (existsSync(join(workspace, path))) cpSync(join(workspace, path), join(copy, path));
  linkPackages();
  await tool('typescript/bin/tsc', '-b', 'tools/generators');
}, 5 * minutes);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('what the generators make, in a copy of the workspace', () => {
  it('is an event with two more versions, a service and a consumer', async () => {
    await nx('event', 'QuestPaused', '--context', 'quests', '--doc', 'A person has paused a quest.', '--fields', 'quest_id:long,reason:string');
    await nx('event-version', 'QuestPaused', '--kind', 'minor', '--field', 'note:string=', '--doc', 'What the person says of it.');
    await nx('service', 'coaching', '--doc', 'Suggests what to do next.');
    await nx('consumer', 'note-pause', '--event', 'QuestPaused', '--service', 'coaching');
    await nx('event-version', 'QuestPaused', '--kind', 'major');
    expect(readdirSync(join(copy, 'schemas/quests/QuestPaused')).sort()).toEqual(['1.0.0.avsc', '1.1.0.avsc', '2.0.0.avsc']);
    expect(readFileSync(join(copy, 'libs/contracts/src/generated/upcasters.ts'), 'utf8')).toContain('upcaster(QuestPaused, QuestPausedV2, upcastToQuestPausedV2)');
  }, 5 * minutes);

  it('compiles', async () => {
    const include = ['libs/*/src/**/*.d.ts', 'tools/*/src/**/*.d.ts', 'apps/coaching/src/**/*.ts', 'libs/contracts/src/index.ts', 'tools/launcher/src/ports.ts'];
    writeFileSync(join(copy, 'tsconfig.made.json'), JSON.stringify({ extends: './tsconfig.spec.json', include }));
    await tool('typescript/bin/tsc', '-p', 'tsconfig.made.json', '--noEmit');
  }, 5 * minutes);

  it('is linted', async () => {
    await tool('eslint/bin/eslint.js', '--max-warnings', '0', 'apps/coaching', 'libs/contracts/src/upcasters');
  }, 5 * minutes);

  it('passes its own tests, and those of schemas, upcasters, manifests and containers', async () => {
    const said = await tool('jest/bin/jest.js', 'apps/coaching', 'libs/contracts/src/upcasters', 'tools/codegen/src/policy', 'tools/cli/src/topology', 'tools/launcher/src/compose', 'tools/launcher/src/ports', '--forceExit');
    expect(said).toContain('note-pause-when-quest-paused.int.spec.ts');
    expect(said).not.toMatch(/[1-9]\d* failed/);
  }, 10 * minutes);
});
