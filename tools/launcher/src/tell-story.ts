import { kafkaConfig, operatorToken } from '@lifeos/cli';
import { allEventTypes, eventTypeByRecordName } from '@lifeos/contracts';
import { type IncomingRecord, readHeaders } from '@lifeos/events';
import { followTopics } from '@lifeos/kafka';
import { type Log } from '@lifeos/local';
import { openSchemaRegistry } from '@lifeos/schema-registry';
import { type Arrived, EventFeed } from './story/event-feed.js';
import { playStory, type StoryLength } from './story/story.js';

/** What the story is played on: everything is up and ready. */
export interface Stack {
  /** Base URLs by service, such as `http://127.0.0.1:3001`. */
  readonly urls: Readonly<Record<string, string>>;
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  /** PEM that tokens are signed with: the story moves the days as an operator does. */
  readonly privateKey: string;
}

type RecordReader = Pick<ReturnType<typeof openSchemaRegistry>['decoder'], 'decode'>;

/** A cold system on a busy machine takes its time; a warm one answers within a fraction of this. */
const limits = { timeoutMs: 120_000, quietMs: 250 };

/**
 * Plays the story and resolves with what was expected and not seen: empty when all is well. What the
 * commands lead to is read from the topics themselves, as any outsider would.
 */
export async function tellStory({ urls, brokers, registryUrl, privateKey }: Stack, length: StoryLength, print: Log): Promise<string[]> {
  const feed = new EventFeed();
  const { decoder } = openSchemaRegistry({ url: registryUrl }, allEventTypes);
  const unreadable: string[] = [];
  const topics = [...new Set(Object.keys(urls).map((context) => `lifeos.${context}.events`))];
  const following = await followTopics({ ...kafkaConfig(brokers), clientId: 'story' }, topics, (record) => {
    const now = performance.now();
    seenEvent(record, decoder).then(
      (event) => feed.take(event, now),
      (error: Error) => unreadable.push(`${record.topic} ${record.partition}/${record.offset}: ${error.message}`),
    );
  });
  try {
    const stage = { urls, feed, print, limits, operatorToken: () => operatorToken(privateKey) };
    return [...(await playStory(stage, length)), ...unreadable];
  } finally {
    await following.close();
  }
}

/** A record as an outsider reads it. @throws Error when it is none of ours */
export async function seenEvent(record: IncomingRecord, decoder: RecordReader): Promise<Arrived> {
  const headers = readHeaders(record.headers);
  if ('fault' in headers) throw new Error(`headers: ${JSON.stringify(headers)}`);
  const type = eventTypeByRecordName(headers.type);
  if (type === undefined) throw new Error(`no event type ${headers.type}`);
  const payload = await decoder.decode(record, type);
  const { eventId, causationId, correlationId, version, source } = headers;
  return { eventId, causationId, correlationId, version: version ?? '?', source, name: type.name, fields: type.toJson(payload) };
}
