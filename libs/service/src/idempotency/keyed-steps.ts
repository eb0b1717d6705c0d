import { AsyncLocalStorage } from 'node:async_hooks';
import type { KeyedRequest } from './idempotency-key.js';

/** One command of a POST that has a key; counted from 0 in the order in which the route runs them. */
export interface KeyedStep {
  readonly request: KeyedRequest;
  readonly step: number;
  /** Serialises twins, in whatever process they run. */
  readonly lock: string;
}

interface Counter {
  readonly request: KeyedRequest;
  next: number;
}

const storage = new AsyncLocalStorage<Counter>();

/** Lets the commands of `work` know that they belong to a POST with a key. */
export function runKeyed<T>(request: KeyedRequest, work: () => T): T {
  return storage.run({ request, next: 0 }, work);
}

/** The place of the command that begins now; null for one that needs no memory. */
export function nextKeyedStep(): KeyedStep | null {
  const counter = storage.getStore();
  if (!counter) return null;
  const { request } = counter;
  return { request, step: counter.next++, lock: `idempotency:${request.id.toString('hex')}` };
}
