import type { IncomingRecord } from '@lifeos/events';
import type { Random } from '../harness/random.js';
import { randomBytes } from './random-bytes.js';

type Mutation = (record: IncomingRecord, random: Random) => IncomingRecord;
type Headers = IncomingRecord['headers'];

const names = ['ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_specversion', 'ce_eventversion', 'ce_subject', 'ce_correlationid', 'content-type', 'traceparent'];
const nastyTexts = [
  '', '0', '-1', 'null', '2.0.0', '99.0.0', '1.0', '1.0.0-rc.1', '\0', 'a\0b', '__proto__', 'constructor', '١٢', '\ud800', '9'.repeat(400), '2026-02-30T25:61:00Z',
  '2026-11-21', '1970-01-01T00:00:00Z', '+275760-09-13T00:00:00.001Z', 'lifeos.quests.v2.QuestCompleted', 'lifeos.quests.v999.QuestCompleted', 'lifeos.nobody.v1.Unknown', '00000000-0000-0000-0000-000000000000',
];
const nastyKeys = [null, Buffer.alloc(0), Buffer.from([0]), Buffer.from([0xff, 0xfe]), Buffer.alloc(300, 'k'), Buffer.from('not a number'), Buffer.from('-1'), Buffer.from('1e9')];

const one = <T>(items: readonly T[], random: Random): T => items[random.upTo(items.length - 1)] as T;
const withValue = (record: IncomingRecord, change: (value: Buffer) => Buffer): IncomingRecord => (record.value === null ? record : { ...record, value: change(Buffer.from(record.value)) });
const withHeader = (record: IncomingRecord, name: string, value: Headers[string]): IncomingRecord => ({ ...record, headers: { ...record.headers, [name]: value } });

/** Ways in which a record can be wrong; each keeps the rest as it was. */
export const mutations: readonly Mutation[] = [
  // Bytes.
  (record, random) => withValue(record, (value) => {
    if (value.length > 0) value.writeUInt8(value.readUInt8(random.upTo(value.length - 1)) ^ (1 << random.upTo(7)), random.upTo(value.length - 1));
    return value;
  }),
  (record, random) => withValue(record, (value) => value.subarray(0, random.upTo(value.length))),
  (record, random) => withValue(record, (value) => Buffer.concat([value, randomBytes(random, 1 + random.upTo(20))])),
  (record, random) => withValue(record, (value) => Buffer.concat([value.subarray(0, 5), randomBytes(random, random.upTo(200))])),
  (record, random) => withValue(record, (value) => {
    // Another schema's id, mostly one of the catalog's.
    if (value.length >= 5) value.writeUInt32BE(random.chance(0.7) ? 1 + random.upTo(60) : Math.floor(random.next() * 2 ** 32), 1);
    return value;
  }),
  (record, random) => withValue(record, (value) => {
    // A length or count that promises far more than there is.
    const at = Math.min(5 + random.upTo(10), value.length);
    return Buffer.concat([value.subarray(0, at), Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f]), value.subarray(at)]);
  }),
  (record) => ({ ...record, value: null }),
  (record) => ({ ...record, value: Buffer.alloc(0) }),
  (record, random) => (random.chance(0.01) ? { ...record, value: randomBytes(random, 100_000) } : { ...record, value: randomBytes(random, random.upTo(4)) }),
  // Keys.
  (record, random) => ({ ...record, key: one(nastyKeys, random) }),
  (record, random) => ({ ...record, key: randomBytes(random, random.upTo(40)) }),
  // Headers.
  (record, random) => withHeader(record, one(names, random), undefined),
  (record, random) => withHeader(record, one(names, random), one(nastyTexts, random)),
  (record, random) => withHeader(record, one(names, random), Buffer.from(one(nastyTexts, random))),
  (record, random) => withHeader(record, one(names, random), randomBytes(random, random.upTo(60))),
  (record, random) => withHeader(record, one(names, random), [Buffer.from('1'), 'two', randomBytes(random, 5)]),
  (record, random) => withHeader(record, 'x-large', random.chance(0.05) ? Buffer.alloc(40_000, 'x') : Buffer.alloc(random.upTo(200), 'x')),
  (record, random) => (random.chance(0.1) ? { ...record, headers: { ...record.headers, ...Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`h${n}`, 'v'])) } } : record),
  (record) => ({ ...record, headers: {} }),
  (record, random) => ({ ...record, timestamp: one([0, -1, Number.MAX_SAFE_INTEGER, 8.64e15, 1.7e12], random) }),
];
