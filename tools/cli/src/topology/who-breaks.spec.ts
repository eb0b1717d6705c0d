import { describe, expect, it } from '@jest/globals';
import type { ConsumerManifest, HandlerManifest } from './manifest.js';
import { type Leads, whoBreaks } from './who-breaks.js';

const v1 = 'lifeos.quests.v1.QuestCreated';
const v2 = 'lifeos.quests.v2.QuestCreated';
const released = [{ recordName: v1, version: '1.0.0' }, { recordName: v1, version: '1.1.0' }];
const withMajor = [...released, { recordName: v2, version: '2.0.0' }];
const everywhere: Leads = (from, to) => from <= to;
const handler = (range: string, reads: Record<string, string>, name = 'a'): HandlerManifest => ({ handler: name, range, from: 'beginning', reads });
const service = (...handlers: HandlerManifest[]): ConsumerManifest => ({ service: 'stats', group: 'stats', handlers });
const told = (manifest: ConsumerManifest, versions = withMajor, leads = everywhere) =>
  whoBreaks([manifest], versions, leads).map(({ handler: name, version, reaction, breaks }) => `${name} ${version} ${reaction}${breaks ? '!' : ''}`);

describe('who breaks', () => {
  it('VR-11: nobody by a minor inside the range', () => {
    expect(told(service(handler('^1.0.0', { [v1]: '1.0.0' })), released)).toEqual(['a 1.0.0 works', 'a 1.1.0 works']);
  });

  it('VR-9: a service that reads no such major parks it, whatever its range', () => {
    expect(told(service(handler('>=1.0.0', { [v1]: '1.1.0' })))).toEqual(['a 1.0.0 works', 'a 1.1.0 works', 'a 2.0.0 parks!']);
    expect(told(service(handler('^1.0.0', { [v1]: '1.1.0' })))).toContain('a 2.0.0 parks!');
  });

  it('a handler of the new major reads older ones through upcasters, also below its range', () => {
    expect(told(service(handler('>=1.0.0', { [v2]: '2.0.0' })))).toEqual(['a 1.0.0 upcasts', 'a 1.1.0 upcasts', 'a 2.0.0 works']);
    expect(told(service(handler('^2.0.0', { [v2]: '2.0.0' })))).toEqual(['a 1.0.0 upcasts', 'a 1.1.0 upcasts', 'a 2.0.0 works']);
    expect(told(service(handler('^2.0.0', { [v2]: '2.0.0' })), withMajor, () => false)).toEqual(['a 1.0.0 skips', 'a 1.1.0 skips', 'a 2.0.0 works']);
  });

  it('old and new handlers side by side break nothing', () => {
    expect(told(service(handler('^1.0.0', { [v1]: '1.1.0' }), handler('^2.0.0', { [v2]: '2.0.0' }, 'b')), withMajor, () => false)).toEqual([
      'a 1.0.0 works', 'b 1.0.0 skips', 'a 1.1.0 works', 'b 1.1.0 skips', 'a 2.0.0 skips', 'b 2.0.0 works',
    ]);
  });

  it('VR-8: a range that leaves out the newest version breaks its service when nobody else takes it', () => {
    expect(told(service(handler('1.0.0', { [v1]: '1.1.0' })), released)).toEqual(['a 1.0.0 works', 'a 1.1.0 skips!']);
    expect(told(service(handler('^1.1.0', { [v1]: '1.1.0' })), released)).toEqual(['a 1.0.0 skips', 'a 1.1.0 works']);
  });

  it('VR-9: a fallback takes what its handler could not be given, but no major that the service does not know', () => {
    const falling = { ...handler('^1.1.0', { [v1]: '1.1.0' }), fallback: true as const };
    expect(told(service(falling))).toEqual(['a 1.0.0 falls back', 'a 1.1.0 works', 'a 2.0.0 parks!']);
    expect(told(service({ ...handler('1.0.0', { [v1]: '1.1.0' }), fallback: true }), released)).toEqual(['a 1.0.0 works', 'a 1.1.0 falls back']);
  });

  it('says nothing of services that do not take the event', () => {
    expect(told(service(handler('*', { 'lifeos.quests.v1.QuestFailed': '1.0.0' })))).toEqual([]);
  });
});
