import { describe, expect, it, jest } from '@jest/globals';
import kafkajs, { type Admin } from 'kafkajs';
import { committedBy } from './offsets.js';

const { KafkaJSProtocolError } = kafkajs;

type Fetched = Awaited<ReturnType<Admin['fetchOffsets']>>;

const fetched: Fetched = [{ topic: 't', partitions: [{ partition: 0, offset: '7', metadata: null }, { partition: 1, offset: '-1', metadata: null }] }];

function answers(...given: readonly (Fetched | Error)[]): { admin: Pick<Admin, 'fetchOffsets'>; asked: () => number } {
  const left = [...given];
  const fetchOffsets = jest.fn(async () => {
    const next = left.shift() ?? fetched;
    if (next instanceof Error) throw next;
    return next;
  });
  return { admin: { fetchOffsets: fetchOffsets as Admin['fetchOffsets'] }, asked: () => fetchOffsets.mock.calls.length };
}

const protocolError = (type: string, retriable: boolean): Error => Object.assign(new KafkaJSProtocolError(type), { type, retriable });

describe('committedBy', () => {
  it('leaves out partitions in which nothing was committed', async () => {
    expect(await committedBy(answers().admin, 'g', ['t'])).toEqual([{ topic: 't', partition: 0, offset: 7 }]);
  });

  it('asks again when the coordinator is moving or still loads', async () => {
    const { admin, asked } = answers(protocolError('NOT_COORDINATOR_FOR_GROUP', true), protocolError('GROUP_LOAD_IN_PROGRESS', true));
    expect(await committedBy(admin, 'g', ['t'])).toEqual([{ topic: 't', partition: 0, offset: 7 }]);
    expect(asked()).toBe(3);
  });

  it('does not ask again where the answer will stay the same', async () => {
    const refused = protocolError('GROUP_AUTHORIZATION_FAILED', false);
    const { admin, asked } = answers(refused);
    await expect(committedBy(admin, 'g', ['t'])).rejects.toBe(refused);
    expect(asked()).toBe(1);
  });
});
