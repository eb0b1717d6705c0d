import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../main.js';

let root: string;
let said: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lifeos-check-'));
  said = [];
  for (const method of ['log', 'error'] as const) jest.spyOn(console, method).mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(root, { recursive: true });
});

const user = { name: 'user_id', type: 'long', doc: 'The person.' };
const title = { name: 'title', type: 'string', doc: 'Its name.' };
function release(version: string, ...fields: object[]): void {
  const path = join(root, 'schemas/quests/QuestMade', `${version}.avsc`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ type: 'record', namespace: 'lifeos.quests.v1', name: 'QuestMade', doc: 'Made.', version, fields: [user, ...fields] }));
}

/** The exit code, the output joined. */
async function check(...flags: string[]): Promise<{ code: unknown; text: string }> {
  await main(['node', 'lifeos', 'schemas', 'check', '--root', root, ...flags]);
  return { code: process.exitCode, text: said.join('\n') };
}

describe('npx lifeos schemas check', () => {
  it('ends with 0 and says so when all is well', async () => {
    release('1.0.0', title);
    const { code, text } = await check();
    expect(code).toBeUndefined();
    expect(text).toContain('1 schemas checked.');
  });

  it('ends with 1, and says file, field, rule and what to do under both verdicts', async () => {
    release('1.0.0', title);
    release('1.1.0', title, { ...title, name: 'note' });
    const { code, text } = await check('--json');
    expect(code).toBe(1);
    expect(JSON.parse(text)).toEqual({
      checked: 2,
      avro: [{
        file: 'schemas/quests/QuestMade/1.1.0.avsc', field: 'note', rule: 'avro FULL_TRANSITIVE', message: '1.1.0 cannot read 1.0.0: it has no default, and the other side does not write it',
        todo: 'give fields that come or go a default and keep types; else begin a new major',
      }],
      policy: [{
        file: 'schemas/quests/QuestMade/1.1.0.avsc', field: 'note', rule: 'VR-3', message: 'note is new and has no default', todo: 'give it a default, which readers of older versions get',
      }],
      registry: [],
      notes: ['released files were not compared: there is no commit HEAD here; name one with --base'],
    });
  });

  it('VR-10: policy is stricter than avro', async () => {
    release('1.0.0', title);
    release('1.1.0', title, { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A'] }, doc: 'Kind.', default: 'A' });
    const { avro, policy } = JSON.parse((await check('--json')).text) as Record<string, unknown[]>;
    expect({ avro, policy }).toMatchObject({ avro: [], policy: [{ field: 'kind', rule: 'VR-10 types' }] });
  });

  it('tells the same to people', async () => {
    release('1.0.0', { ...title, doc: undefined });
    const { code, text } = await check();
    expect(code).toBe(1);
    expect(text).toContain('  schemas/quests/QuestMade/1.0.0.avsc title [VR-10 doc]\n    title has no doc\n    -> say what the field means, with its unit');
  });

  it('ends with 2 when the registry that it should ask is away', async () => {
    release('1.0.0', title);
    const before = process.env.SCHEMA_REGISTRY_URL;
    process.env.SCHEMA_REGISTRY_URL = 'http://127.0.0.1:9';
    try {
      expect(await check('--registry')).toEqual({ code: 2, text: expect.stringContaining('127.0.0.1:9') });
    } finally {
      if (before === undefined) delete process.env.SCHEMA_REGISTRY_URL;
      else process.env.SCHEMA_REGISTRY_URL = before;
    }
  });
});
