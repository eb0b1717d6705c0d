import { describe, expect, it } from '@jest/globals';
import avro from 'avsc';
import {
  type AvroRecordSchema, compileSchema, defineEvent, ExternalDataReceived, LifeStatUpdated, QuestChainUnlocked, QuestCompleted, QuestCreated, readerFrom, UserProfileUpdated,
} from './index.js';

const completed = { user_id: 1, quest_id: 2, quest_type: 'daily', experience_reward: 25, completion_timestamp: new Date(0), auto_completed: false } as const;

describe('reading bare Avro', () => {
  it('gives plain objects, nested ones too', () => {
    const event = ExternalDataReceived.build({
      user_id: 1, integration_id: 1, data_type: 'sleep', data_points_count: 1, sync_timestamp: new Date(0), data_quality_score: 1,
      data_points: [{ metric: 'sleep.hours', value: 8, unit: 'h', recorded_at: new Date(0) }],
    });
    const read = ExternalDataReceived.decode(ExternalDataReceived.encode(event), '1.1.0');
    expect([read, read.data_points[0]].map((value) => Object.getPrototypeOf(value) as unknown)).toEqual([Object.prototype, Object.prototype]);
  });

  it('refuses bytes that are cut off or too long, and versions that it does not know', () => {
    const bytes = QuestCompleted.encode(QuestCompleted.build(completed));
    expect(() => QuestCompleted.decode(bytes.subarray(0, -1), '1.0.0')).toThrow('truncated buffer');
    expect(() => QuestCompleted.decode(Buffer.concat([bytes, Buffer.of(0)]), '1.0.0')).toThrow('trailing data');
    expect(() => QuestCompleted.decode(bytes, '1.9.0')).toThrow('lifeos.quests.v1.QuestCompleted has no version 1.9.0; known are 1.0.0');
  });

  it.each([
    ['2^40 items', '808080808040'],
    ['-2^40 items in a block of 0 bytes', 'ffffffffff3f00'],
    ['a count that never ends', 'ffffffffffffffffffff'],
  ])('refuses a damaged list of %s without trying to read it', (_name, count) => {
    const bytes = Buffer.from(`0202${count}`, 'hex');
    expect(() => QuestChainUnlocked.decode(bytes, '1.0.0')).toThrow(RangeError);
  });

  it('refuses a schema of another producer whose items take no bytes', () => {
    const nothing = { type: 'record', name: 'lifeos.quests.v1.QuestChainUnlocked', fields: [{ name: 'nothing', type: { type: 'array', items: 'null' } }] };
    const read = readerFrom(nothing, compileSchema({ ...nothing, fields: [] }));
    expect(() => read(Buffer.from('0200', 'hex'))).toThrow('items that take no bytes');
  });

  it('drops the fields of a newer minor (VR-11)', () => {
    const [schema] = [...QuestCompleted.schemas.values()] as [AvroRecordSchema];
    const newer = { ...schema, version: '1.7.0', fields: [{ name: 'notes', type: { type: 'array', items: 'string' }, doc: 'new', default: [] }, ...schema.fields] };
    const bytes = compileSchema(newer).toBuffer({ ...completed, notes: ['a'] });
    expect(readerFrom(newer, QuestCompleted.avroType)(bytes)).toEqual(completed);
  });

  it('lets a consumer have values that the producer of this build may not write', () => {
    const bytes = compileSchema(QuestCompleted.schemas.get('1.0.0') ?? {}).toBuffer({ ...completed, quest_type: 'epic' });
    expect(QuestCompleted.decode(bytes, '1.0.0').quest_type).toBe('epic');
  });

  it('leaves an encrypted JSON field the text that it is', () => {
    const payload = { user_id: 1, updated_fields: 'enc:1:abc', previous_values: { bio: null } } as never;
    expect(UserProfileUpdated.decode(UserProfileUpdated.encode(payload), '1.0.0')).toEqual(payload);
  });
});

describe('decimals', () => {
  const bare = avro.Type.forSchema({ type: 'bytes' });
  const decimal = compileSchema({ type: 'bytes', logicalType: 'decimal', precision: 18, scale: 4 });

  it.each([
    [0, '00'], [0.0001, '01'], [-0.0001, 'ff'], [0.0127, '7f'], [0.0128, '0080'], [-0.0128, '80'], [-0.0129, 'ff7f'],
    [99_999_999_999.9999, '038d7ea4c67fff'], [-99_999_999_999.9999, 'fc72815b398001'],
  ])('%d is the shortest two\'s complement %s, as Java writes it', (value, hex) => {
    expect((bare.fromBuffer(decimal.toBuffer(value)) as Buffer).toString('hex')).toBe(hex);
    expect(decimal.fromBuffer(bare.toBuffer(Buffer.from(hex, 'hex')))).toBe(value);
  });

  it('reads one that is longer than needed, and refuses one that a double cannot hold', () => {
    expect(decimal.fromBuffer(bare.toBuffer(Buffer.from('ffffffffffffffffff', 'hex')))).toBe(-0.0001);
    expect(() => decimal.fromBuffer(bare.toBuffer(Buffer.from('0de0b6b3a7640000', 'hex'))) as unknown).toThrow('more than 15 digits');
    expect(() => LifeStatUpdated.encode({ user_id: 1, category: 'health', subcategory: 'physical', previous_value: 0, new_value: 0.00001, unit: '', source: 'manual', target: null })).toThrow();
  });
});

describe('a second major beside the first', () => {
  const schema = QuestCreated.schemas.get('1.0.0') as AvroRecordSchema;
  const v2 = defineEvent<object, object>({
    name: 'QuestCreated', context: 'quests', major: 2, topic: 'lifeos.quests.events',
    schemas: [{ ...schema, namespace: 'lifeos.quests.v2', version: '2.0.0', fields: schema.fields.slice(0, 2) }],
  });

  it('has a record name and fields of its own', () => {
    expect([v2.recordName, v2.version, QuestCreated.recordName]).toEqual(['lifeos.quests.v2.QuestCreated', '2.0.0', 'lifeos.quests.v1.QuestCreated']);
    expect(v2.decode(v2.encode(v2.build({ user_id: 1, quest_id: 2 })), '2.0.0')).toEqual({ user_id: 1, quest_id: 2 });
  });
});
