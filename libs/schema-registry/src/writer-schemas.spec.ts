import { describe, expect, it, jest } from '@jest/globals';
import { RegistryUnreachable, UnknownSchemaId } from '@lifeos/events';
import { type WriterSchema, WriterSchemas } from './index.js';

const schema: WriterSchema = { schema: '{}', schemaType: 'AVRO' };

function withAnswers(answer: (id: number) => Promise<WriterSchema>) {
  const schemaById = jest.fn(answer);
  const clock = { now: 0 };
  return { schemaById, clock, schemas: new WriterSchemas({ schemaById }, () => clock.now) };
}

describe('the cache of writer schemas', () => {
  it('asks once for those who ask at the same time, and answers without a promise afterwards', async () => {
    const { schemas, schemaById } = withAnswers(() => Promise.resolve(schema));
    await Promise.all([schemas.get(1), schemas.get(1), schemas.get(1)]);
    expect(schemas.get(1)).toBe(schema);
    expect(schemaById).toHaveBeenCalledTimes(1);
  });

  it('asks for an unknown id again at most once a minute', async () => {
    const { schemas, schemaById, clock } = withAnswers((id) => Promise.reject(new UnknownSchemaId(id)));
    await expect(schemas.get(1)).rejects.toBeInstanceOf(UnknownSchemaId);
    clock.now = 59_999;
    expect(() => schemas.get(1)).toThrow(UnknownSchemaId);
    expect(schemaById).toHaveBeenCalledTimes(1);
    clock.now = 60_000;
    schemaById.mockResolvedValueOnce(schema);
    expect(await schemas.get(1)).toBe(schema);
    expect(schemas.get(1)).toBe(schema);
  });

  it('remembers a limited number of unknown ids', async () => {
    const { schemas, schemaById } = withAnswers((id) => Promise.reject(new UnknownSchemaId(id)));
    for (let id = 0; id <= 10_000; id++) await expect(schemas.get(id)).rejects.toBeInstanceOf(UnknownSchemaId);
    await expect(schemas.get(0)).rejects.toBeInstanceOf(UnknownSchemaId);
    expect(() => schemas.get(10_000)).toThrow(UnknownSchemaId);
    expect(schemaById).toHaveBeenCalledTimes(10_002);
  });

  it('asks again at once when the registry was away', async () => {
    const { schemas, schemaById } = withAnswers(() => Promise.resolve(schema));
    schemaById.mockRejectedValueOnce(new RegistryUnreachable('here', 'down'));
    await expect(schemas.get(1)).rejects.toBeInstanceOf(RegistryUnreachable);
    expect(await schemas.get(1)).toBe(schema);
  });
});
