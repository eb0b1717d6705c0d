import { describe, expect, it, jest } from '@jest/globals';
import { QuestCompleted, QuestCreated } from '@lifeos/contracts';
import { RegistryUnreachable, SchemaNotRegistered } from '@lifeos/events';
import { RegisteredSchemaIds } from './index.js';

describe('ids of registered schemas', () => {
  it('are asked for once by the exact schema, and known both ways from then on', async () => {
    const idOf = jest.fn((_subject: string, schema: string) => Promise.resolve((JSON.parse(schema) as { version: string }).version === '1.0.0' ? 3 : 4));
    const ids = new RegisteredSchemaIds({ idOf }, [QuestCreated]);
    expect(await Promise.all([ids.idFor(QuestCreated.recordName, '1.1.0'), ids.idFor(QuestCreated.recordName, '1.1.0')])).toEqual([4, 4]);
    await ids.prefetch([QuestCreated]);
    expect(idOf.mock.calls.map(([subject]) => subject)).toEqual([QuestCreated.recordName, QuestCreated.recordName]);
    expect([ids.localSchema(3), ids.localSchema(4), ids.localSchema(5)]).toEqual([{ type: QuestCreated, version: '1.0.0' }, { type: QuestCreated, version: '1.1.0' }, undefined]);
  });

  it('say when the release step is missing, and ask again the next time', async () => {
    const idOf = jest.fn(() => Promise.resolve<number | null>(null));
    const ids = new RegisteredSchemaIds({ idOf }, [QuestCompleted]);
    await expect(ids.idFor(QuestCompleted.recordName, '1.0.0')).rejects.toBeInstanceOf(SchemaNotRegistered);
    await expect(ids.prefetch([QuestCompleted])).rejects.toBeInstanceOf(SchemaNotRegistered);
    await expect(ids.idFor(QuestCompleted.recordName, '9.0.0')).rejects.toBeInstanceOf(SchemaNotRegistered);
    idOf.mockRejectedValueOnce(new RegistryUnreachable('here', 'down')).mockResolvedValueOnce(5);
    await expect(ids.idFor(QuestCompleted.recordName, '1.0.0')).rejects.toBeInstanceOf(RegistryUnreachable);
    expect(await ids.idFor(QuestCompleted.recordName, '1.0.0')).toBe(5);
  });
});
