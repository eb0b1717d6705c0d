import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { policyFaults, releasedFaults, releasedFiles } from '../index.js';

const user = { name: 'user_id', type: 'long', doc: 'The person.' };
const title = { name: 'title', type: 'string', doc: 'Its name.' };
const note = { name: 'note', type: 'string', doc: 'Free text.', default: '' };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lifeos-policy-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, content: unknown): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
};
const release = (version: string, fields: object[], more: object = {}): void =>
  put(`schemas/quests/QuestMade/${version}.avsc`, { type: 'record', namespace: `lifeos.quests.v${version.split('.', 1)[0]}`, name: 'QuestMade', doc: 'Made.', version, fields: [user, ...fields], ...more });
const found = (): string[] => policyFaults(root).faults.map(({ file, field, rule, message }) => `${file.slice('schemas/quests/QuestMade/'.length, -'.avsc'.length)} ${field}: ${rule}: ${message}`);

describe('a version within its major', () => {
  beforeEach(() => release('1.0.0', [title]));

  it('may add fields with a default as a minor, and mend words as a patch', () => {
    release('1.0.1', [{ ...title, doc: 'How it is called.' }]);
    release('1.1.0', [title, note]);
    expect(found()).toEqual([]);
  });

  it.each([
    ['VR-2: takes no required field out', '1.1.0', [], 'title: VR-2: title is gone'],
    ['VR-3: adds no field without a default', '1.1.0', [title, { ...note, default: undefined }], 'note: VR-3: note is new and has no default'],
    ['VR-1: gives no field another type', '1.1.0', [{ ...title, type: 'int' }], 'title: VR-1: title has another type than in the version before'],
    ['VR-11: gives no field another default', '1.1.0', [{ ...title, default: 'x' }], 'title: VR-11: title has another default than in the version before'],
    ['VR-1: a new field is no patch', '1.0.1', [title, note], ': VR-1 semver-step: 1.0.0 to 1.0.1 is a patch, the change is a minor step'],
    ['VR-1: words alone are no minor', '1.1.0', [{ ...title, doc: 'x' }], ': VR-1 semver-step: 1.0.0 to 1.1.0 is a minor step, the change is a patch'],
    ['VR-1: a minor sets the patch to 0', '1.1.1', [title, note], ': VR-1 semver-step: 1.0.0 to 1.1.1 is no step, the change is a minor step'],
    ['VR-1: a number alone is no version', '1.0.1', [title], ': VR-1 semver-step: 1.0.0 to 1.0.1 is a patch, the change is no step'],
  ])('%s', (_name, version, fields, fault) => {
    release(version, fields);
    expect(found()).toEqual([`${version} ${fault}`]);
  });

  it('VR-4: an optional field goes with the next major only', () => {
    release('1.1.0', [title, note]);
    release('1.2.0', [title, { ...note, name: 'other' }]);
    expect(found()).toEqual(['1.2.0 note: VR-4: note is gone']);
  });

  it('is compared within lists too', () => {
    const rows = (...fields: object[]) => ({ name: 'rows', type: { type: 'array', items: { type: 'record', name: 'Row', fields } }, doc: 'Rows.', default: [] });
    release('1.1.0', [title, rows(title)]);
    release('1.2.0', [title, rows(title, { ...note, default: undefined })]);
    expect(found()).toEqual(['1.2.0 rows.note: VR-3: rows.note is new and has no default']);
  });
});

describe('a new major', () => {
  it('VR-4, VR-5: has an upcaster, and leaves out only what was marked deprecated', () => {
    release('1.0.0', [title, note]);
    release('2.0.0', [title]);
    expect(found()).toEqual(['2.0.0 : VR-5 upcaster: no upcaster leads from major 1 to 2', '2.0.0 note: VR-4: note is gone, and 1.0.0 does not mark it deprecated']);
    release('1.1.0', [title, { ...note, deprecated: true }]);
    put('libs/contracts/src/upcasters/quests/quest-made-v2.ts', '');
    expect(found()).toEqual([]);
  });

  it('begins with .0.0, after the major before it', () => {
    release('1.1.0', [title]);
    release('3.0.1', [title]);
    expect(found()).toEqual(['1.1.0 : VR-1 semver-step: major 1 begins with 1.1.0', '3.0.1 : VR-1 semver-step: major 3 begins with 3.0.1', '3.0.1 : VR-5: there is no major 2']);
  });
});

describe('what the types of fields may be', () => {
  it.each([
    ['VR-10 types', { type: 'enum', name: 'E', symbols: ['A'] }],
    ['VR-10 types', { type: 'map', values: 'string' }],
    ['VR-10 unions', ['string', 'null']],
    ['logical-types', { type: 'long', logicalType: 'time-nanos' }],
    ['zero-size-items', { type: 'array', items: 'null' }],
    ['zero-size-items', { type: 'array', items: { type: 'record', name: 'Empty', fields: [] } }],
  ])('%s refuses %j', (rule, type) => {
    release('1.0.0', [{ name: 'odd', type, doc: 'Odd.' }]);
    expect(policyFaults(root).faults).toMatchObject([{ rule }]);
  });

  it('says of a file that is no JSON what it is', () => {
    put('schemas/quests/QuestMade/1.0.0.avsc', '{');
    expect(policyFaults(root).faults).toMatchObject([{ file: 'schemas/quests/QuestMade/1.0.0.avsc', rule: 'avro' }]);
  });
});

describe('released files', () => {
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'core.hooksPath=/dev/null', ...args], { cwd: root, stdio: 'ignore' });

  it('never change and never go', () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) release(version, [title]);
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'x');
    const released = releasedFiles(root, 'HEAD') ?? new Map<string, string>();
    expect([...released.keys()].length).toBe(3);
    expect(releasedFaults(root, released)).toEqual([]);
    release('1.1.0', [note]);
    rmSync(join(root, 'schemas/quests/QuestMade/1.2.0.avsc'));
    release('1.3.0', [title]);
    expect(releasedFaults(root, released).map(({ file, message }) => `${file} ${message}`)).toEqual([
      'schemas/quests/QuestMade/1.1.0.avsc it was released and differs now', 'schemas/quests/QuestMade/1.2.0.avsc it was released and is gone',
    ]);
  });

  it('are unknown outside of a checkout', () => {
    expect(releasedFiles(root, 'no-such-commit')).toBeNull();
  });
});

describe('the schemas of this workspace', () => {
  it('break no rule', () => {
    expect(policyFaults(fileURLToPath(new URL('../../../../', import.meta.url))).faults).toEqual([]);
  });
});
