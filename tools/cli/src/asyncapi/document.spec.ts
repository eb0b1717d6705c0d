import { describe, expect, it, jest } from '@jest/globals';
import { Parser } from '@asyncapi/parser';
import { allRecordTypes } from '@lifeos/contracts';
import { topicSpecs } from '../release/topics.js';
import { readManifests } from '../topology/manifest-files.js';
import { publisherOf } from '../topology/topology.js';
import { workspaceRoot } from '../workspace.js';
import { asyncApiDocument } from './document.js';

/** The parser checks each message against the whole specification. */
jest.setTimeout(120_000);

const manifests = readManifests(workspaceRoot);
const topics = topicSpecs();
const services = manifests.map(({ service }) => service);
const documentOf = (service?: string) => asyncApiDocument({ manifests, topics, ...(service === undefined ? {} : { service }) });

/** 0 error, 1 warning; hints of taste are 2 and 3. */
async function parsed(document: object) {
  const { document: read, diagnostics } = await new Parser().parse(JSON.stringify(document));
  return { read, faults: diagnostics.filter(({ severity }) => severity <= 1).map(({ message, path }) => `${path.join('/')}: ${message}`) };
}

describe('the AsyncAPI document', () => {
  it('of the whole is valid, and holds every record, topic and handler', async () => {
    const { read, faults } = await parsed(documentOf());
    expect(faults).toEqual([]);
    expect(read?.messages().all().map((message) => message.name()).sort()).toEqual(allRecordTypes.map(({ recordName }) => recordName).sort());
    expect(read?.channels().all().map((channel) => channel.address()).sort()).toEqual([...new Set(allRecordTypes.map(({ topic }) => topic))].sort());
    const titles = new Set(read?.operations().all().filter((operation) => operation.isReceive()).map((operation) => operation.json<{ title?: string }>().title));
    expect([...titles].sort()).toEqual([...new Set(manifests.flatMap(({ handlers }) => handlers.map(({ handler }) => handler)))].sort());
  });

  it.each(services)('of %s is valid, and holds what it publishes and hears alone', async (service) => {
    const { read, faults } = await parsed(documentOf(service));
    expect(faults).toEqual([]);
    const reads = manifests.filter((manifest) => manifest.service === service).flatMap(({ handlers }) => handlers.flatMap((handler) => Object.keys(handler.reads)));
    const own = allRecordTypes.filter((type) => publisherOf(type, manifests) === service).map(({ recordName }) => recordName);
    expect(read?.messages().all().map((message) => message.name()).sort()).toEqual([...new Set([...own, ...reads])].sort());
  });

  it('names dashboard as the publisher of consents, and every service as who hears them', async () => {
    const operations = (await parsed(documentOf())).read?.operations().all() ?? [];
    const ids = operations.map((operation) => String(operation.id())).filter((id) => id.endsWith('.lifeos.privacy.consents'));
    expect(ids).toEqual(expect.arrayContaining(['dashboard.publish.lifeos.privacy.consents', ...services.map((service) => `${service}.keep-consents.lifeos.privacy.consents`)]));
  });

  it('carries the Avro schema and the Kafka bindings', async () => {
    const { read } = await parsed(documentOf('quests'));
    const message = read?.messages().all().find((one) => one.name() === 'lifeos.quests.v1.QuestCreated');
    expect(message?.schemaFormat()).toBe('application/vnd.apache.avro+json;version=1.9.0');
    expect(message?.bindings().get('kafka')?.value()).toMatchObject({ schemaIdLocation: 'payload' });
    const channel = read?.channels().get('lifeos.quests.events');
    expect(channel?.bindings().get('kafka')?.value()).toMatchObject({ partitions: 6, topicConfiguration: { 'retention.ms': -1 } });
  });

  it('would not pass with a payload that is no Avro, or a handler of an unknown record', async () => {
    const text = JSON.stringify(documentOf('quests'));
    expect((await parsed(JSON.parse(text.replaceAll('"type":"long"', '"type":"number"')) as object)).faults).not.toEqual([]);
    expect((await parsed(JSON.parse(text.replaceAll('#/components/messages/', '#/components/messages/no-')) as object)).faults).not.toEqual([]);
  });
});
