import { describe, expect, it } from '@jest/globals';
import { consumerGenerator, eventGenerator, eventVersionGenerator, serviceGenerator, type Workspace } from './index.js';

/** A workspace in memory. */
class Files implements Workspace {
  readonly root = '/nowhere';
  constructor(readonly files: Map<string, string> = new Map()) {}
  read(path: string): string | null {
    return this.files.get(path) ?? null;
  }
  write(path: string, text: string): void {
    this.files.set(path, text);
  }
  exists(path: string): boolean {
    return this.files.has(path) || this.children(path).length > 0;
  }
  children(folder: string): string[] {
    const below = [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(below.map((path) => path.slice(folder.length + 1).split('/', 1)[0] ?? ''))];
  }
  json(path: string): Record<string, unknown> {
    return JSON.parse(this.read(path) ?? '{}') as Record<string, unknown>;
  }
}

const withEvent = (): Files => {
  const files = new Files();
  eventGenerator(files, { name: 'QuestPaused', context: 'quests', doc: 'A quest rests.', fields: 'quest_id:long,reason:string' });
  return files;
};
const path = (version: string): string => `schemas/quests/QuestPaused/${version}.avsc`;
const names = (files: Files, version: string): string[] => (files.json(path(version)).fields as { name: string }[]).map(({ name }) => name);

describe('the generators', () => {
  it('make an event whose first field is the person', () => {
    const files = withEvent();
    expect(names(files, '1.0.0')).toEqual(['user_id', 'quest_id', 'reason']);
    expect(files.json(path('1.0.0'))).toMatchObject({ namespace: 'lifeos.quests.v1', version: '1.0.0', doc: 'A quest rests.' });
    expect(() => eventGenerator(files, { name: 'QuestPaused', context: 'quests', doc: 'x' })).toThrow('is there already');
  });

  it('VR-3: make a minor of one field with its default, and tell the manifests', () => {
    const files = withEvent();
    files.write('apps/stats/consumers.json', '{"handlers": [{"reads": {"lifeos.quests.v1.QuestPaused": "1.0.0", "lifeos.quests.v1.QuestPausedX": "1.0.0"}}]}');
    eventVersionGenerator(files, { event: 'QuestPaused', kind: 'minor', field: 'note:string=', doc: 'Why.' });
    eventVersionGenerator(files, { event: 'QuestPaused', kind: 'minor', field: 'count:int=3', doc: 'How often.' });
    expect((files.json(path('1.2.0')).fields as object[]).slice(-2)).toEqual([{ name: 'note', type: 'string', default: '', doc: 'Why.' }, { name: 'count', type: 'int', default: 3, doc: 'How often.' }]);
    expect(files.json('apps/stats/consumers.json')).toEqual({ handlers: [{ reads: { 'lifeos.quests.v1.QuestPaused': '1.2.0', 'lifeos.quests.v1.QuestPausedX': '1.0.0' } }] });
    expect(() => eventVersionGenerator(files, { event: 'QuestPaused', kind: 'minor', field: 'x:string', doc: 'x' })).toThrow('has no default');
    expect(() => eventVersionGenerator(files, { event: 'QuestPaused', kind: 'minor', field: 'note:string=', doc: 'x' })).toThrow('has a field note already');
  });

  it('VR-4, VR-5: make a major without what is deprecated, with its upcaster', () => {
    const files = withEvent();
    files.write(path('1.1.0'), (files.read(path('1.0.0')) ?? '').replace('"name": "reason",', '"name": "reason", "deprecated": true,').replace('"1.0.0"', '"1.1.0"'));
    eventVersionGenerator(files, { event: 'QuestPaused', kind: 'major' });
    expect(names(files, '2.0.0')).toEqual(['user_id', 'quest_id']);
    expect(files.read('libs/contracts/src/upcasters/quests/quest-paused-v2.ts')).toContain(
      'export const upcastToQuestPausedV2 = ({ user_id, quest_id }: QuestPausedPayload): QuestPausedV2Payload => ({ user_id, quest_id });',
    );
  });

  it('refuse what is not there, and misspelt fields', () => {
    expect(() => eventVersionGenerator(withEvent(), { event: 'Nothing', kind: 'major' })).toThrow('There is no event Nothing');
    expect(() => consumerGenerator(withEvent(), { does: 'note', event: 'QuestPaused', service: 'nobody' })).toThrow('There is no service nobody');
    expect(() => eventGenerator(new Files(), { name: 'A', context: 'b', doc: 'c', fields: 'x:text' })).toThrow('"x:text" is no field');
  });

  it('say when a file that lists services does not look as expected', () => {
    const files = new Files(new Map([['tsconfig.json', '{}']]));
    expect(() => serviceGenerator(files, { name: 'coaching', doc: 'x' })).toThrow('tsconfig.json does not look as expected; change it by hand');
  });
});
