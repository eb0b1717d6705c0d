import { allRecordTypes, compileSchema, UpcastChains, upcaster, type AnyEventType } from '@lifeos/contracts';
import { SleepLogged, SleepLoggedV2, SleepLoggedV3, upcastToSleepLoggedV2, upcastToSleepLoggedV3, workedMajors } from '@lifeos/contracts/testing';
import { subscriptionsOf, TopicRoutes, type HandlerDefinition } from '@lifeos/delivery';
import type { EventEnvelope, IncomingRecord } from '@lifeos/events';
import { openSchemaRegistry, publishSchemas } from '@lifeos/schema-registry';
import { size, type BenchEnv, type Check, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { callsPerSecond } from '../parts/hot-loop.js';
import { framed } from '../parts/quest-events.js';
import { registerSchema } from '../parts/registry.js';

const topic = 'lifeos.health.events';
const v1 = { user_id: 7, minutes: 450, note: 'slept through, woke before the alarm' };
const v2 = upcastToSleepLoggedV2(v1);
const v3 = upcastToSleepLoggedV3(v2);

/** What the functions make is the user's own work: with these, what is left is what the library adds. */
const emptyUpcasts = new UpcastChains([upcaster(SleepLogged, SleepLoggedV2, () => v2), upcaster(SleepLoggedV2, SleepLoggedV3, () => v3)]);

/** An event as it was written, and the type that the handler takes. */
interface Way {
  readonly name: 'Newest' | 'OlderMinor' | 'OlderMajor';
  readonly written: AnyEventType;
  readonly version: string;
  readonly payload: object;
  readonly takes: AnyEventType;
  readonly given: object;
}
const ways: readonly Way[] = [
  { name: 'Newest', written: SleepLoggedV3, version: '3.0.0', payload: v3, takes: SleepLoggedV3, given: v3 },
  { name: 'OlderMinor', written: SleepLogged, version: '1.0.0', payload: v1, takes: SleepLogged, given: { ...v1, note: '' } },
  { name: 'OlderMajor', written: SleepLogged, version: '1.1.0', payload: v1, takes: SleepLoggedV3, given: v3 },
];

async function prepare({ registryUrl }: BenchEnv): Promise<Prepared> {
  await publishSchemas({ registryUrl, eventTypes: allRecordTypes });
  const ids: Record<string, number> = {};
  for (const { name, written, version } of ways) ids[name] = await registerSchema(registryUrl, written, version);
  return ids;
}

async function measure(env: BenchEnv): Promise<Outcome> {
  const figures: Record<string, number> = {};
  const checks: Check[] = [];
  const ms = size(env, 700, 60);
  // Every way passes the same code, as in a service that lives long, before the clock runs.
  for (const isWarmUp of [true, false]) {
    for (const way of ways) {
      const one = oneWay(env, way);
      const [decode, dispatch] = [await usPerCall(one.decode, isWarmUp ? ms / 4 : ms), await usPerCall(one.dispatch, isWarmUp ? ms / 4 : ms)];
      Object.assign(figures, { [`decode${way.name}`]: decode, [`dispatch${way.name}`]: dispatch });
      if (!isWarmUp) checks.push({ what: `given of ${way.name}`, expected: JSON.stringify(way.given), actual: JSON.stringify(one.given()) });
    }
  }
  figures['functions'] = await usPerCall(() => upcastToSleepLoggedV3(upcastToSleepLoggedV2(v1)), ms);
  return { figures, checks };
}

interface OneWay {
  decode(): unknown;
  /** All that is done for ranges and majors between a record's headers and a handler's call. */
  dispatch(): unknown;
  given(): object | undefined;
}

function oneWay(env: BenchEnv, way: Way): OneWay {
  const { written, version, takes } = way;
  const known = [SleepLogged, SleepLoggedV2, SleepLoggedV3];
  const { decoder } = openSchemaRegistry({ url: env.registryUrl }, known);
  const record = recordOf(way, Number(env.prepared[way.name]));
  const event: EventEnvelope = { eventId: 'e', type: written, version, timestamp: new Date(0), key: '7', correlationId: null, causationId: null, source: 'health', traceparent: null, payload: way.payload };
  const handler: HandlerDefinition = { name: 'log-sleep', aliases: [], types: [takes], versions: `>=1.0.0 <${takes.major + 1}.0.0`, batch: true, from: 'beginning', timeoutMs: 10_000, invoke: async () => undefined };
  const dispatching = (upcasts: UpcastChains) => {
    const routes = new TopicRoutes(topic, subscriptionsOf([handler], known.filter(({ major }) => major <= takes.major), upcasts), known);
    return (given: EventEnvelope): EventEnvelope | null => {
      const { type, subscriptions: [one] } = routes.routeOf(written.recordName);
      return one !== undefined && one.isCalledWith(type, version) ? one.given(given) : null;
    };
  };
  const [bare, real] = [dispatching(emptyUpcasts), dispatching(workedMajors.upcasts)];
  return {
    decode: () => decoder.decode(record, written),
    dispatch: () => bare(event),
    given: () => real({ ...event, payload: way.name === 'OlderMinor' ? written.decode((record.value ?? Buffer.alloc(0)).subarray(5), version) : way.payload })?.payload,
  };
}

function recordOf({ written, version, payload }: Way, id: number): IncomingRecord {
  const schema = written.schemas.get(version);
  if (schema === undefined) throw new Error(`${written.recordName} has no version ${version}.`);
  const value = framed(id, compileSchema(schema).toBuffer(payload));
  return { topic, partition: 0, offset: 0, key: Buffer.from('7'), value, headers: { ce_eventversion: Buffer.from(version) }, timestamp: 0 };
}

/** Less what the loop itself takes: it would be a good part of so little. */
async function usPerCall(call: () => unknown, ms: number): Promise<number> {
  const [empty, full] = [await callsPerSecond(() => undefined, ms / 4), await callsPerSecond(call, ms)];
  return Math.max(0, 1e6 / full - 1e6 / empty);
}

/** What a service's start spends on schemas when it knows the whole catalog. Modules are loaded, nothing is compiled. */
async function start(env: BenchEnv): Promise<Outcome> {
  const began = performance.now();
  const { ids } = openSchemaRegistry({ url: env.registryUrl }, allRecordTypes);
  await ids.prefetch(allRecordTypes);
  const verified = performance.now();
  let compiled = 0;
  for (const type of allRecordTypes) if (type.avroType.typeName === 'record') compiled += 1;
  const ended = performance.now();
  return {
    figures: { verified: verified - began, compiled: ended - verified, all: ended - began },
    checks: [{ what: 'types compiled', expected: allRecordTypes.length, actual: compiled }],
  };
}

const rowsOf = (name: Way['name'], what: string): Scenario['rows'] => [
  { what: `decode ${what}`, figure: `lifeos.decode${name}`, unit: 'us an event' },
  { what: `range and upcaster dispatch, ${what}`, figure: `lifeos.dispatch${name}`, unit: 'us an event', reference: `lifeos.decode${name}`, target: { of: 'ratio', atMost: 0.05 } },
];

export const dispatch: Scenario = {
  name: 'dispatch',
  about: 'who is given an event of which version, beside its decoding (an event of three fields); and what a start spends on the schemas of the whole catalog',
  needs: ['postgres', 'registry'],
  prepare,
  contestants: [
    { name: 'lifeos', run: measure },
    { name: 'start', run: start },
  ],
  rows: [
    ...rowsOf('Newest', 'of the newest version'),
    ...rowsOf('OlderMinor', 'of an older minor'),
    ...rowsOf('OlderMajor', 'of an older major, two upcasters'),
    { what: 'the two upcaster functions themselves', figure: 'lifeos.functions', unit: 'us an event' },
    { what: 'start: all versions verified against the registry', figure: 'start.verified', unit: 'ms' },
    { what: 'start: all types compiled', figure: 'start.compiled', unit: 'ms' },
    { what: 'start: all of it', figure: 'start.all', unit: 'ms', target: { of: 'value', atMost: 300 } },
  ],
};
