import type { AnyEventType } from '@lifeos/contracts';
import type { HandlerDefinition } from '@lifeos/delivery';

/** Each topic that holds a type that somebody handles; a wildcard hears every domain event. */
export function topicsOf(handlers: readonly Pick<HandlerDefinition, 'types'>[], known: readonly AnyEventType[]): string[] {
  const wanted = handlers.flatMap(({ types }) => (types === '*' ? known.filter(({ isDomainEvent }) => isDomainEvent) : types));
  return [...new Set(wanted.flatMap(({ topic }) => (topic === null ? [] : [topic])))].sort();
}
