import { type Command, InvalidArgumentError, Option } from 'commander';

export interface FilterFlags {
  readonly handler?: string;
  readonly topic?: string;
  readonly key?: string;
  readonly reason?: string;
  readonly event?: string;
  readonly eventId?: string;
  readonly status?: string;
}

export const addTarget = (command: Command): Command =>
  command
    .option('--service <name>', 'one service of the running `npm start`; all of them when left out')
    .option('--url <url>', 'a service anywhere, for example https://quests.example.org');

const reasons = ['handler_error', 'timeout', 'validation_error', 'serialization_error', 'infrastructure_error', 'unknown_error', 'unsupported_version', 'relay_refused'];

export const addFilter = (command: Command): Command =>
  command
    .option('--handler <name>', 'the handler that failed; (relay) for events that could not be published')
    .option('--topic <topic>')
    .option('--key <key>', 'for example a user id')
    .addOption(new Option('--reason <reason>', 'why it was parked').choices(reasons))
    .option('--event <type>', 'event name or record name')
    .option('--event-id <uuid>')
    .addOption(new Option('--status <status>', 'waiting and exhausted are first of their keys, followers wait behind them').choices(['waiting', 'exhausted', 'follower']));

/** The conditions as the API names them. */
export function queryOf({ handler, topic, key, reason, event, eventId, status }: FilterFlags): Record<string, string | undefined> {
  return { handler, topic, key, reason, event_type: event, event_id: eventId, status };
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}
