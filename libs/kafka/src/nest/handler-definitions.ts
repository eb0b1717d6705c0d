import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { retryPolicyFaults, type HandlerContext, type HandlerDefinition } from '@lifeos/delivery';
import { rangeText } from '@lifeos/events';
import { InvalidHandlers } from '../errors.js';
import { dispatching } from './completion.js';
import type { HandlesExtra } from './handles.decorator.js';

/** A handler as Nest registered it. */
export interface FoundHandler {
  readonly pattern: string;
  readonly callback: MessageHandler;
  /** Undefined for a method that `@EventPattern` or `@MessagePattern` registered. */
  readonly extra: HandlesExtra | undefined;
}

const defaultTimeoutMs = 10_000;
export const everyVersion = '>=0.0.0';

/** @throws InvalidHandlers with every fault of every handler. */
export function handlerDefinitions(found: readonly FoundHandler[]): HandlerDefinition[] {
  const faults = [...found.flatMap(faultsOf), ...doubleNames(found)];
  if (faults.length > 0) throw new InvalidHandlers(faults);
  return found.flatMap(({ callback, extra }) => (extra ? [definitionOf(callback, extra)] : []));
}

function faultsOf({ pattern, extra }: FoundHandler): string[] {
  if (!extra) return [`${pattern}: registered by @EventPattern or @MessagePattern; this transport serves @Handles only`];
  const { name, aliases = [], types, from, timeoutMs = defaultTimeoutMs } = extra;
  const own = [...[name, ...aliases].flatMap(nameFaults), ...rangeFaults(extra)];
  if (types !== '*' && [types].flat().some((type) => typeof type?.recordName !== 'string')) own.push('an event type is missing; is it generated?');
  if (Array.isArray(types) && types.length === 0) own.push('no event type is named');
  if (!isStart(from)) own.push(`from is ${JSON.stringify(from)}; say 'beginning', 'latest' or { timestamp }`);
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0) own.push(`timeoutMs is ${timeoutMs}; it must be above 0`);
  own.push(...retryPolicyFaults(extra.retry ?? {}));
  return own.map((fault) => `${name || 'a handler without a name'}: ${fault}`);
}

function nameFaults(name: unknown): string[] {
  const isName = typeof name === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);
  return isName ? [] : [`${JSON.stringify(name ?? null)} is no name; it is kept in the database and must be kebab-case`];
}

function rangeFaults({ versions }: HandlesExtra): string[] {
  try {
    if (versions !== undefined) rangeText(versions);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function isStart(from: unknown): boolean {
  if (from === 'beginning' || from === 'latest') return true;
  const timestamp = typeof from === 'object' && from !== null && 'timestamp' in from ? from.timestamp : undefined;
  return timestamp instanceof Date && !Number.isNaN(timestamp.getTime());
}

function doubleNames(found: readonly FoundHandler[]): string[] {
  const seen = new Map<string, number>();
  for (const { extra } of found) for (const name of extra ? [extra.name, ...(extra.aliases ?? [])] : []) seen.set(name, (seen.get(name) ?? 0) + 1);
  return [...seen].filter(([, times]) => times > 1).map(([name, times]) => `${name}: ${times} handlers have this name or had it; it must be unique`);
}

function definitionOf(callback: MessageHandler, extra: HandlesExtra): HandlerDefinition {
  const { name, aliases = [], types, versions, from, timeoutMs = defaultTimeoutMs, retry, batch = false, fallback } = extra;
  return {
    name,
    aliases,
    types: types === '*' ? '*' : [types].flat(),
    versions: versions === undefined ? everyVersion : rangeText(versions),
    batch,
    from,
    timeoutMs,
    ...(retry === undefined ? {} : { retry }),
    invoke: invoking(name, callback, { batch, isFallback: false }),
    ...(fallback === undefined ? {} : { fallback: invoking(name, callback, { batch, isFallback: true }) }),
  };
}

function invoking(name: string, callback: MessageHandler, { batch, isFallback }: { batch: boolean; isFallback: boolean }): HandlerDefinition['invoke'] {
  if (batch) return (events, context) => call(name, callback, { data: events, context, isFallback });
  return async (events, context) => {
    for (const event of events) await call(name, callback, { data: event, context, isFallback });
  };
}

interface Call {
  readonly data: unknown;
  readonly context: HandlerContext;
  readonly isFallback: boolean;
}

function call(name: string, callback: MessageHandler, { data, context, isFallback }: Call): Promise<void> {
  return dispatching(context, async (dispatch) => {
    let thrown: unknown;
    try {
      const answer: unknown = await callback(data, context);
      if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
    } catch (error) {
      thrown = error ?? new Error(`handler ${name} threw nothing`);
    }
    dispatch.requireCompletion(name, thrown);
  }, isFallback);
}
