import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allRecordTypes, type AnyEventType, compileSchema, type JsonObject } from './index.js';
import { payloadArbitrary } from './testing/index.js';

const versions = allRecordTypes.flatMap((type) => [...type.schemas.keys()].map((version) => ({ name: type.recordName, version, type })));

/** Every field of the older version, and the defaults of what came later. */
function asNewest(type: AnyEventType, older: Record<string, unknown>): Record<string, unknown> {
  const defaults = Object.fromEntries((type.schemas.get(type.version)?.fields ?? []).map((field) => [field.name, field.default]));
  return { ...defaults, ...older };
}

const plainJson = (json: JsonObject): JsonObject => JSON.parse(JSON.stringify(json)) as JsonObject;

describe.each(versions)('$name $version', ({ version, type }) => {
  const writer = compileSchema(type.schemas.get(version) ?? {});

  it('gives an equal event after Avro, older versions with the defaults of the newest (VR-11)', () => {
    fc.assert(
      fc.property(payloadArbitrary(type, version), (payload) => {
        const read: unknown = type.decode(writer.toBuffer(payload), version);
        expect(read).toStrictEqual(asNewest(type, payload));
        expect(type.decode(type.encode(read), type.version)).toStrictEqual(read);
      }),
    );
  });

  it('gives an equal event after JSON, every datetime included', () => {
    fc.assert(
      fc.property(payloadArbitrary(type, version), (payload) => {
        const event: object = type.build(payload);
        expect(event).toStrictEqual(asNewest(type, payload));
        const json = plainJson(type.toJson(event));
        expect(type.fromJson(json)).toStrictEqual(event);
        expect(plainJson(type.toJson(type.fromJson(json)))).toStrictEqual(json);
      }),
    );
  });
});
