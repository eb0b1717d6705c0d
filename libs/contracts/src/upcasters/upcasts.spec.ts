import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allRecordTypes, type AnyEventType, catalogUpcasts, compileSchema, eventOf, QuestCreated, UpcastChains, upcaster, versionGaps } from '../index.js';
import { payloadArbitrary, SleepLogged, SleepLoggedV2, SleepLoggedV3, workedMajors } from '../testing/index.js';

const known = [...allRecordTypes, ...workedMajors.types];
const chainsOf = (type: AnyEventType): UpcastChains => (allRecordTypes.includes(type) ? catalogUpcasts : workedMajors.upcasts);
const newestMajor = (type: AnyEventType): AnyEventType => known.filter((other) => eventOf(other) === eventOf(type)).reduce((a, b) => (b.major > a.major ? b : a));
const versions = known.flatMap((type) => [...type.schemas.keys()].map((version) => ({ name: type.recordName, version, type })));

describe.each(versions)('$name $version', ({ type, version }) => {
  it('VR-5: every value of it is a payload of the newest major', () => {
    const writer = compileSchema(type.schemas.get(version) ?? {});
    const newest = newestMajor(type);
    const upcast = chainsOf(type).between(type, newest);
    fc.assert(
      fc.property(payloadArbitrary(type, version), (payload) => {
        const read = upcast?.(type.decode(writer.toBuffer(payload), version)) ?? {};
        expect(newest.decode(newest.encode(read), newest.version)).toStrictEqual(read);
      }),
      { numRuns: 100 },
    );
  });
});

describe('chains of upcasters', () => {
  const { upcasts } = workedMajors;
  const v1 = { user_id: 7, minutes: 450, note: 'well' };

  it('VR-5: lead over two majors', () => {
    expect(upcasts.between(SleepLogged, SleepLoggedV3)?.(v1)).toEqual({ user_id: 7, duration_ms: 27_000_000, notes: ['well'], device: null });
    expect(upcasts.between(SleepLogged, SleepLoggedV2)?.(v1)).toEqual({ user_id: 7, duration_ms: 27_000_000, notes: ['well'] });
  });

  it('give a payload of the same major as it is', () => {
    expect(upcasts.between(SleepLogged, SleepLogged)?.(v1)).toBe(v1);
  });

  it('lead neither back, nor to another event, nor over a missing step', () => {
    expect(upcasts.between(SleepLoggedV2, SleepLogged)).toBeNull();
    expect(upcasts.between(QuestCreated, SleepLoggedV2)).toBeNull();
    const holed = new UpcastChains([upcaster(SleepLoggedV2, SleepLoggedV3, (payload) => ({ ...payload, device: null }))]);
    expect(holed.between(SleepLogged, SleepLoggedV3)).toBeNull();
    expect(holed.between(SleepLoggedV2, SleepLoggedV3)).not.toBeNull();
  });

  it('find the newest major that is wanted', () => {
    expect(upcasts.newestFor(SleepLogged, [SleepLogged, SleepLoggedV2])).toBe(SleepLoggedV2);
    expect(upcasts.newestFor(SleepLoggedV3, [SleepLogged, SleepLoggedV2])).toBeNull();
  });

  it('take only steps between neighbouring majors of one event', () => {
    expect(() => upcaster(SleepLogged, SleepLoggedV3, () => ({ user_id: 1, duration_ms: 1, notes: [], device: null }))).toThrow('lifeos.health.v1.SleepLogged to lifeos.health.v3.SleepLogged');
    expect(() => upcaster(QuestCreated, SleepLoggedV2, () => ({ user_id: 1, duration_ms: 1, notes: [] }))).toThrow(TypeError);
  });
});

describe('gaps in a declared range', () => {
  const every = () => true;
  const { types, upcasts } = workedMajors;
  const gaps = (handled: readonly AnyEventType[] | '*', takes: (version: string) => boolean = every, chains = upcasts) =>
    versionGaps({ types: handled, takes }, [...types, QuestCreated], chains).map(({ recordName, version }) => `${recordName} ${version}`);

  it('are none when every older major is led to the newest', () => {
    expect(gaps([SleepLoggedV3])).toEqual([]);
    expect(gaps('*')).toEqual([]);
  });

  it('are older versions without an upcaster, and newer majors than the handler takes', () => {
    expect(gaps([SleepLoggedV2], every, new UpcastChains([]))).toEqual(['lifeos.health.v1.SleepLogged 1.0.0', 'lifeos.health.v1.SleepLogged 1.1.0', 'lifeos.health.v3.SleepLogged 3.0.0']);
  });

  it('are no versions outside of the range', () => {
    expect(gaps([SleepLoggedV2], (version) => version.startsWith('2.'), new UpcastChains([]))).toEqual([]);
  });

  it('say what to do', () => {
    const [newer] = versionGaps({ types: [SleepLogged], takes: every }, types, upcasts);
    expect(newer?.reason).toBe('the handler takes major 1; let its range end before 2.0.0, or let it take the newer type');
    const [older] = versionGaps({ types: [SleepLoggedV2], takes: every }, types, new UpcastChains([]));
    expect(older?.reason).toBe('no upcaster leads from major 1 to 2; write it, or let the range begin later');
  });
});
