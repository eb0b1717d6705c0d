import 'reflect-metadata';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';
import type { AnyEventType } from '@lifeos/contracts';
import type { HandlerDefinition, RetryPolicy } from '@lifeos/delivery';
import type { VersionBounds } from '@lifeos/events';
import { dispatchOf } from './completion.js';
import { handlesExtra, kafkaEvents } from './nest-names.js';

export interface HandlesOptions {
  /** Kept in positions and dead letters for as long as the handler lives; kebab-case, unique in the service. */
  readonly name: string;
  /** Names it had before. */
  readonly aliases?: readonly string[];
  /** Versions it takes, both ends of an object included. Default every version that the service knows. */
  readonly versions?: string | VersionBounds;
  /** Where a handler that is new to a topic begins. */
  readonly from: HandlerDefinition['from'];
  /** ms for one call. Default 10 000. */
  readonly timeoutMs?: number;
  /** When its parked events are tried again. Default 3 retries after 1, 2 and 4 minutes. */
  readonly retry?: RetryPolicy;
  /** Gets all events of a batch at once, as an array. Default false: one event a call. */
  readonly batch?: boolean;
  /**
   * VR-9: another method of the controller, called in this one's stead, with the same arguments and through the same guards,
   * pipes and interceptors, with events whose version this one could not be given. They come as they were
   * written. Default: such events are left out, with a warning.
   */
  readonly fallback?: string;
}

export type HandledTypes = AnyEventType | readonly AnyEventType[] | '*';

/** What a decorated method says of itself, as Nest carries it. */
export interface HandlesExtra extends HandlesOptions {
  readonly types: HandledTypes;
}

/**
 * Makes a controller's method a handler of events: `(event, context)` by `@Payload()` and `@Ctx()`, inside
 * the transaction of its batch. It may return a value, a promise or an Observable; it has succeeded when
 * that completed. Guards, pipes, interceptors and filters apply; whatever they turn into a success
 * although the method did not complete stays a failure.
 */
export function Handles(types: HandledTypes, options: HandlesOptions): MethodDecorator {
  return (target, key, descriptor) => {
    const method: unknown = descriptor.value;
    if (typeof method !== 'function') throw new TypeError(`@Handles belongs on a method; ${String(key)} is none`);
    const fallback = fallbackOf(target, options);
    const contextAt = addContextParameter(target, key, method.length);
    const watched = function (this: unknown, ...args: unknown[]): unknown {
      const dispatch = dispatchOf(args[contextAt]);
      const called = dispatch?.isFallback === true && fallback !== null ? fallback : method;
      const call = () => called.apply(this, args.slice(0, contextAt));
      return dispatch ? dispatch.runMethod(call) : call();
    };
    Object.defineProperty(watched, 'name', { value: method.name });
    for (const name of Reflect.getMetadataKeys(method)) Reflect.defineMetadata(name, Reflect.getMetadata(name, method), watched);
    Object.assign(descriptor, { value: watched });
    const extra: HandlesExtra = { ...options, types };
    EventPattern(options.name, kafkaEvents, { [handlesExtra]: extra })(target, key, { value: watched });
  };
}

/** @throws TypeError when it names no method of the class. */
function fallbackOf(target: object, { name, fallback }: HandlesOptions): ((...args: unknown[]) => unknown) | null {
  if (fallback === undefined) return null;
  const method: unknown = Reflect.get(target, fallback);
  if (typeof method !== 'function') throw new TypeError(`The fallback ${fallback} of ${name} is no method of its controller`);
  return method as (...args: unknown[]) => unknown;
}

/**
 * Lets Nest pass the context behind the method's own parameters, also to a method that takes none, so
 * that the call can be told from others that run at the same time. Returns its place.
 */
function addContextParameter(target: object, key: string | symbol, length: number): number {
  const own: Record<string, { index: number }> = Reflect.getMetadata(PARAM_ARGS_METADATA, target.constructor, key) ?? {};
  const taken = Object.values(own).map(({ index }) => index);
  // Without any decorated parameter Nest passes the payload first; it does so no longer once there is one.
  if (taken.length === 0) Payload()(target, key, 0);
  const at = Math.max(length, 1, ...taken.map((index) => index + 1));
  Ctx()(target, key, at);
  return at;
}
