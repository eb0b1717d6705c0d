import { header } from './event-text.js';
import { type EventModule, exportName } from './model.js';

/** Where the list of upcasters finds what it names. */
export interface UpcasterPlace {
  readonly runtime: string;
  event(event: EventModule): string;
  upcaster(event: EventModule): string;
}

/** The function that a person writes for a major: `upcastToQuestCreatedV2`. */
export const upcastName = (event: EventModule): string => `upcastTo${exportName(event)}`;

/**
 * The list of all upcasters. A major whose hand-written function is missing, or gives something else than
 * its payload, does not compile.
 */
export function upcastersText(events: readonly EventModule[], place: UpcasterPlace): string {
  const before = (event: EventModule): EventModule | undefined => events.find(({ name, context, major }) => name === event.name && context === event.context && major === event.major - 1);
  const steps = events.flatMap((to) => {
    const from = before(to);
    return from ? [{ from, to }] : [];
  });
  const types = new Set(steps.flatMap(({ from, to }) => [from, to]));
  const imports = [
    ...[...types].map((event) => `import { ${exportName(event)} } from '${place.event(event)}';\n`),
    ...steps.map(({ to }) => `import { ${upcastName(to)} } from '${place.upcaster(to)}';\n`),
  ].join('');
  const runtime = steps.length > 0 ? `import { type Upcaster, upcaster } from '${place.runtime}';\n` : `import type { Upcaster } from '${place.runtime}';\n`;
  const entries = steps.map(({ from, to }) => `  upcaster(${exportName(from)}, ${exportName(to)}, ${upcastName(to)}),\n`).join('');
  return `${header}${runtime}${imports}
/** From each major of an event to the next. */
export const allUpcasters: readonly Upcaster[] = [${entries && `\n${entries}`}];
`;
}
