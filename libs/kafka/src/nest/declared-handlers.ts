import 'reflect-metadata';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { PATTERN_EXTRAS_METADATA } from '@nestjs/microservices/constants.js';
import { rangeText } from '@lifeos/events';
import { everyVersion } from './handler-definitions.js';
import type { HandledTypes, HandlesExtra } from './handles.decorator.js';
import { handlesExtra } from './nest-names.js';

/** What one `@Handles` says, read without starting anything. */
export interface DeclaredHandler {
  readonly name: string;
  readonly types: HandledTypes;
  /** Semver text. */
  readonly versions: string;
  readonly from: HandlesExtra['from'];
  /** Former names, oldest first. */
  readonly aliases: readonly string[];
  readonly hasFallback: boolean;
}

type Class = abstract new (...args: never[]) => unknown;

/** Every method under `@Handles` in the controllers of a module and of the modules that it imports. */
export function declaredHandlers(module: unknown): DeclaredHandler[] {
  const found = controllersOf(module, new Set()).flatMap(handlersOf);
  return found.map(({ name, types, versions, from, aliases = [], fallback }) => ({
    name, types, versions: versions === undefined ? everyVersion : rangeText(versions), from, aliases, hasFallback: fallback !== undefined,
  }));
}

function controllersOf(module: unknown, seen: Set<unknown>): Class[] {
  const { module: dynamic, controllers = [], imports = [] } = isClass(module) ? { module } : (Object(module) as { module?: unknown; controllers?: Class[]; imports?: unknown[] });
  if (!isClass(dynamic) || seen.has(dynamic)) return [];
  seen.add(dynamic);
  const own = (metadata: string): unknown[] => (Reflect.getMetadata(metadata, dynamic) ?? []) as unknown[];
  const classes = [...controllers, ...own(MODULE_METADATA.CONTROLLERS).filter(isClass)];
  return [...classes, ...[...imports, ...own(MODULE_METADATA.IMPORTS)].flatMap((imported) => controllersOf(imported, seen))];
}

function handlersOf(controller: Class): HandlesExtra[] {
  const prototype = controller.prototype as object;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    const extras = typeof method === 'function' ? (Reflect.getMetadata(PATTERN_EXTRAS_METADATA, method) as Record<string, HandlesExtra> | undefined) : undefined;
    return extras?.[handlesExtra] ?? [];
  });
}

const isClass = (value: unknown): value is Class => typeof value === 'function';
