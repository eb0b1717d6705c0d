import { describe, expect, it } from '@jest/globals';
import { allRecordTypes } from '@lifeos/contracts';
import { compatibilityFaults } from '../index.js';

const record = (...fields: object[]) => ({ type: 'record', namespace: 'lifeos.quests.v1', name: 'QuestCreated', fields });
const title = { name: 'title', type: 'string' };
const said = (schema: object, ...earlier: object[]) => compatibilityFaults(schema, earlier).map(({ direction, field, message }) => `${direction} ${field}: ${message}`);

describe('compatibility, both ways and with every earlier version', () => {
  it('takes new fields with a default', () => {
    expect(said(record(title, { name: 'status', type: 'string', default: 'active' }), record(title))).toEqual([]);
  });

  it.each([
    ['a new field without a default', record(title, { name: 'status', type: 'string' }), ['backward status: it has no default, and the other side does not write it']],
    ['a field gone', record(), ['forward title: it has no default, and the other side does not write it']],
    ['another type', record({ ...title, type: 'int' }), ['backward title: int cannot read string', 'forward title: string cannot read int']],
    ['a null where none was', record({ ...title, type: ['null', 'string'] }), ['forward title: string cannot read null']],
    ['another record', { ...record(title), name: 'QuestMade' }, ['backward : the name lifeos.quests.v1.QuestMade is not lifeos.quests.v1.QuestCreated', 'forward : the name lifeos.quests.v1.QuestCreated is not lifeos.quests.v1.QuestMade']],
  ])('refuses %s', (_name, schema, faults) => {
    expect(said(schema, record(title))).toEqual(faults);
  });

  it('names the place within lists and records', () => {
    const rules = (type: string) => record({ name: 'rules', type: { type: 'array', items: { type: 'record', name: 'Rule', fields: [{ name: 'threshold', type }] } } });
    expect(said(rules('long'), rules('double'))).toEqual(['backward rules[].threshold: long cannot read double']);
  });

  it('looks at every earlier version, not at the last alone', () => {
    const [first, second] = [record(title), record(title, { name: 'status', type: 'string', default: '' })];
    const third = record(title, { name: 'status', type: 'int', default: 0 });
    expect(compatibilityFaults(third, [first, second]).map(({ earlier }) => earlier)).toEqual([1, 1]);
  });

  it('compares records that hold themselves', () => {
    const tree = (type: string) => record({ name: 'child', type: ['null', 'QuestCreated'] }, { name: 'weight', type });
    expect(said(tree('int'), tree('int'))).toEqual([]);
    expect(said(tree('int'), tree('string'))).not.toEqual([]);
  });

  it('like Apicurio, and unlike the specification, does not look at logical types', () => {
    const decimal = (scale: number) => record({ name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 18, scale } });
    expect(said(decimal(4), decimal(2))).toEqual([]);
  });

  it('has nothing against the catalog', () => {
    for (const { schemas } of allRecordTypes) {
      const versions = [...schemas.values()];
      versions.forEach((schema, index) => expect(compatibilityFaults(schema, versions.slice(0, index))).toEqual([]));
    }
  });
});
