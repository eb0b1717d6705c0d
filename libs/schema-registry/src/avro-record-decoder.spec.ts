import { describe, expect, it, jest } from '@jest/globals';
import { type AvroRecordSchema, compileSchema, LevelUp, QuestCompleted, QuestCreated } from '@lifeos/contracts';
import { type IncomingRecord, RegistryUnreachable, UnknownSchemaId } from '@lifeos/events';
import { AvroRecordDecoder, frame, RegisteredSchemaIds, WriterSchemas } from './index.js';

const completed = QuestCompleted.build({ user_id: 1, quest_id: 2, quest_type: 'daily', experience_reward: 25, completion_timestamp: new Date(0), auto_completed: false });
const bytes = QuestCompleted.encode(completed);

const record = (value: Buffer | null, headers: IncomingRecord['headers'] = {}): IncomingRecord => ({
  topic: 'lifeos.quests.events', partition: 0, offset: 0, key: Buffer.from('1'), value, headers, timestamp: 0,
});

/** A decoder that has learnt QuestCompleted under 7 and both versions of QuestCreated under 8 and 9; `others` are in the registry. */
async function decoderWith(others: Readonly<Record<number, object | Error>> = {}) {
  const known = new Map([[JSON.stringify(QuestCompleted.schemas.get('1.0.0')), 7], ...[...QuestCreated.schemas.values()].map((schema, index) => [JSON.stringify(schema), 8 + index] as const)]);
  const ids = new RegisteredSchemaIds({ idOf: (_subject, schema) => Promise.resolve(known.get(schema) ?? null) }, [QuestCompleted, QuestCreated]);
  await ids.prefetch([QuestCompleted, QuestCreated]);
  const schemaById = jest.fn((id: number) => {
    const found = others[id] ?? new UnknownSchemaId(id);
    return found instanceof Error ? Promise.reject(found) : Promise.resolve({ schemaType: 'AVRO', schema: JSON.stringify(found) });
  });
  return { decoder: new AvroRecordDecoder(ids, new WriterSchemas({ schemaById })), schemaById };
}

const schema = QuestCompleted.schemas.get('1.0.0') as AvroRecordSchema;
const faultOf = (fault: string): object => expect.objectContaining({ code: 'UNDECODABLE_RECORD', retryable: false, fault });

describe('decoding a record', () => {
  it('answers at once, without the registry, what this build wrote', async () => {
    const { decoder, schemaById } = await decoderWith();
    expect(decoder.decode(record(frame(7, bytes), { ce_eventversion: Buffer.from('1.0.0') }), QuestCompleted)).toEqual(completed);
    expect(schemaById).not.toHaveBeenCalled();
  });

  it('reads an older version as the newest', async () => {
    const { decoder } = await decoderWith();
    const older = { user_id: 1, quest_id: 2, quest_type: 'daily', title: 't', difficulty: 'easy', experience_reward: 0 };
    const value = frame(8, compileSchema(QuestCreated.schemas.get('1.0.0') ?? {}).toBuffer(older));
    expect(decoder.decode(record(value), QuestCreated)).toEqual({ ...older, status: 'active', due_date: null, auto_completion_rules: [] });
  });

  it('asks the registry once for a newer minor, and answers at once from then on', async () => {
    const newer = { ...schema, version: '1.3.0', fields: [...schema.fields, { name: 'mood', type: 'string', default: '' }] };
    const { decoder, schemaById } = await decoderWith({ 20: newer });
    const value = frame(20, compileSchema(newer).toBuffer({ ...completed, mood: 'good' }));
    expect(await Promise.all([decoder.decode(record(value), QuestCompleted), decoder.decode(record(value), QuestCompleted)])).toEqual([completed, completed]);
    expect(decoder.decode(record(value, { ce_eventversion: '1.3.0' }), QuestCompleted)).toEqual(completed);
    expect(schemaById).toHaveBeenCalledTimes(1);
  });

  it('reads a schema of this build whose id it has not learnt, and holds the header against it', async () => {
    const [oldest] = [...QuestCreated.schemas.values()];
    const { decoder } = await decoderWith({ 30: schema, 31: oldest as AvroRecordSchema });
    expect(await decoder.decode(record(frame(30, bytes), { ce_eventversion: '1.0.0' }), QuestCompleted)).toEqual(completed);
    const older = { user_id: 1, quest_id: 2, quest_type: 'daily', title: 't', difficulty: 'easy', experience_reward: 0 };
    const value = frame(31, compileSchema(oldest ?? {}).toBuffer(older));
    expect(await decoder.decode(record(value), QuestCreated)).toEqual({ ...older, status: 'active', due_date: null, auto_completion_rules: [] });
    expect(() => decoder.decode(record(value, { ce_eventversion: '1.1.0' }), QuestCreated)).toThrow(faultOf('version_mismatch'));
  });

  it.each([
    ['no value', null, 'no_value'],
    ['too few bytes', Buffer.of(0, 0, 0), 'not_framed'],
    ['another first byte', Buffer.from('{"user_id":1}'), 'not_framed'],
    ['bytes cut off', frame(7, bytes.subarray(0, -1)), 'damaged'],
    ['bytes left over', frame(7, Buffer.concat([bytes, Buffer.of(1)])), 'damaged'],
  ])('classifies %s', async (_name, value, fault) => {
    const { decoder } = await decoderWith();
    expect(() => decoder.decode(record(value), QuestCompleted)).toThrow(faultOf(fault));
  });

  it.each([
    ['another event', { ...schema, name: 'QuestFailed' }, 'other_type'],
    ['another major of the event', { ...schema, namespace: 'lifeos.quests.v2' }, 'other_major'],
    ['a schema that does not resolve', { ...schema, fields: schema.fields.slice(1) }, 'unreadable_schema'],
    ['a schema that is none', { type: 'record' }, 'other_type'],
  ])('classifies %s, and remembers it', async (_name, writer, fault) => {
    const { decoder, schemaById } = await decoderWith({ 20: writer });
    const value = frame(20, bytes);
    await expect(decoder.decode(record(value), QuestCompleted)).rejects.toEqual(faultOf(fault));
    expect(() => decoder.decode(record(value), QuestCompleted)).toThrow(faultOf(fault));
    expect(schemaById).toHaveBeenCalledTimes(1);
  });

  it('refuses the id of one event in a record of another', async () => {
    const { decoder } = await decoderWith({ 7: schema });
    await expect(decoder.decode(record(frame(7, bytes)), LevelUp)).rejects.toEqual(faultOf('other_type'));
  });

  it.each([[Buffer.from('1.1.0')], ['1.1.0'], [Buffer.from('1.0.0-a')], [[Buffer.from('1.0.0'), '2.0.0']]])('refuses a header that states another version than the schema: %p', async (stated) => {
    const { decoder } = await decoderWith();
    expect(() => decoder.decode(record(frame(7, bytes), { ce_eventversion: stated }), QuestCompleted)).toThrow(faultOf('version_mismatch'));
  });

  it('passes on an unknown id and a registry that is away as what they are', async () => {
    const { decoder } = await decoderWith({ 20: new RegistryUnreachable('here', 'down') });
    await expect(decoder.decode(record(frame(20, bytes)), QuestCompleted)).rejects.toBeInstanceOf(RegistryUnreachable);
    await expect(decoder.decode(record(frame(99, bytes)), QuestCompleted)).rejects.toBeInstanceOf(UnknownSchemaId);
    expect(() => decoder.decode(record(frame(99, bytes)), QuestCompleted)).toThrow(UnknownSchemaId);
  });
});
