import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allRecordTypes, ConsentState, UserDataErased } from '@lifeos/contracts';
import { workspaceRoot } from '../workspace.js';
import { appsOf, definitionIn, readManifests } from './manifest-files.js';
import { type ConsumerManifest, expanded, manifestOf } from './manifest.js';
import { publisherOf, topologyMermaid, topologyOf, topologyTable } from './topology.js';

const apps = appsOf(workspaceRoot);
const committed = readManifests(workspaceRoot);

/** What the sources say, not what was built of them. */
async function declared(app: string): Promise<ConsumerManifest> {
  const exports = (await import(join(workspaceRoot, 'apps', app, 'src', `${app}.module.ts`))) as Record<string, unknown>;
  return expanded(manifestOf(app, definitionIn(exports, app)));
}

describe.each(apps)('the committed manifest of %s', (app) => {
  it('says what the decorators say; else run: npm run build && npx lifeos consumers generate', async () => {
    expect(committed.find(({ service }) => service === app)).toEqual(await declared(app));
  });
});

describe('what is built into every service', () => {
  it('is in each manifest, and says what its decorator says', async () => {
    const { KeepConsents } = (await import(join(workspaceRoot, 'libs/service/src/consent/keep-consents.ts'))) as { KeepConsents: object };
    class BuiltIn {}
    Reflect.defineMetadata('controllers', [KeepConsents], BuiltIn);
    const { handlers } = manifestOf('any', { module: BuiltIn });
    expect(handlers).toHaveLength(1);
    for (const manifest of committed) expect(manifest.handlers).toEqual(expect.arrayContaining([...handlers]));
  });
});

describe('appsOf', () => {
  it('finds services of which only the build lies there, and refuses a folder without any', () => {
    const root = mkdtempSync(join(tmpdir(), 'apps-'));
    mkdirSync(join(root, 'apps/quests/dist'), { recursive: true });
    expect(() => appsOf(root)).toThrow(/holds no service/);
    writeFileSync(join(root, 'apps/quests/package.json'), '{}');
    expect(appsOf(root)).toEqual(['quests']);
  });
});

describe('the topology', () => {
  const rows = topologyOf(allRecordTypes, committed);

  it('holds every decorator, no more, under the publisher of each event', async () => {
    const manifests = await Promise.all(apps.map(declared));
    const handled = manifests.flatMap(({ handlers }) => handlers.flatMap(({ handler, reads }) => Object.keys(reads).map((read) => `${read} ${handler}`)));
    expect(rows.flatMap(({ recordName, consumers }) => consumers.map(({ handler }) => `${recordName} ${handler}`)).sort()).toEqual(handled.sort());
    const others: Readonly<Record<string, string | null>> = { [ConsentState.recordName]: 'dashboard', [UserDataErased.recordName]: null };
    for (const { recordName, publisher } of rows) expect([recordName, publisher]).toEqual([recordName, recordName in others ? others[recordName] : recordName.split('.')[1]]);
  });

  it('names no publisher for an event that no service publishes yet, until one says so', () => {
    const of = (alsoPublishes: readonly string[]): string | null => publisherOf(UserDataErased, [{ service: 'quests', group: 'quests', alsoPublishes, handlers: [] }]);
    expect([of([]), of([UserDataErased.recordName])]).toEqual([null, 'quests']);
    const erased = rows.filter(({ recordName }) => recordName === UserDataErased.recordName);
    expect(topologyTable(erased)).toMatch(/^lifeos\.privacy\.v1\.UserDataErased 1\.0\.0  published by no service yet\n    analytics /);
    expect(topologyMermaid(erased)).toBe('flowchart LR');
  });

  it('is told as a table and as a flowchart', () => {
    const [row] = topologyOf([{ recordName: 'lifeos.quests.v1.QuestFailed', version: '1.0.0', context: 'quests', topic: 'lifeos.quests.events' }], [{ service: 'quests', group: 'quests', handlers: [] }]);
    const taken = { recordName: 'lifeos.quests.v1.QuestCreated', version: '1.1.0', publisher: 'quests', topic: 't', consumers: [{ service: 'stats', handler: 'note', range: '^1.0.0' }] };
    expect(topologyTable([taken, ...(row ? [row] : [])])).toBe('lifeos.quests.v1.QuestCreated 1.1.0  from quests\n    stats         note (^1.0.0)\nlifeos.quests.v1.QuestFailed 1.0.0  from quests\n    nobody');
    expect(topologyMermaid([taken])).toBe('flowchart LR\n  quests -->|"QuestCreated"| stats');
  });
});
