import type { AnyEventType } from '@lifeos/contracts';

const text = (description: string): object => ({ type: 'string', description });

/** CloudEvents 1.0, Kafka binding, binary mode; what `libs/events` writes and reads. */
const headers = {
  type: 'object',
  required: ['content-type', 'ce_specversion', 'ce_id', 'ce_type', 'ce_source'],
  properties: {
    'content-type': { const: 'application/vnd.lifeos.avro-framed' },
    ce_specversion: { const: '1.0' },
    ce_id: { type: 'string', format: 'uuid', description: 'The same on every redelivery.' },
    ce_type: text('Record name, for example lifeos.quests.v1.QuestCreated.'),
    ce_source: text('/lifeos/<publishing service>'),
    ce_time: { type: 'string', format: 'date-time', description: 'Time of the fact, UTC.' },
    ce_subject: text("The person's id as text, as in the key."),
    ce_eventversion: text('Semver of the schema; a hint, the id in the value decides.'),
    ce_correlationid: text('Common to a whole flow.'),
    ce_causationid: text('Id of the event that led to this one.'),
    traceparent: text('W3C trace context.'),
  },
};

/** One record type in its newest version. */
export function messageOf(type: AnyEventType): object {
  const schema = type.schemas.get(type.version);
  return {
    name: type.recordName,
    title: `${type.name} ${type.version}`,
    summary: schema?.doc ?? '',
    contentType: 'application/vnd.lifeos.avro-framed',
    headers,
    payload: { schemaFormat: 'application/vnd.apache.avro+json;version=1.9.0', schema },
    bindings: {
      kafka: {
        key: { type: 'string', description: "The person's id as text." },
        schemaIdLocation: 'payload',
        schemaIdPayloadEncoding: 'confluent',
        schemaLookupStrategy: 'RecordNameStrategy',
        bindingVersion: '0.5.0',
      },
    },
  };
}
