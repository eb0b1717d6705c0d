/** An event as the story saw it arrive on a topic. */
export interface SeenEvent {
  readonly eventId: string;
  readonly causationId: string | null;
  readonly correlationId: string | null;
  readonly name: string;
  readonly version: string;
  readonly source: string;
  /** The payload in its JSON form. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** ms since the command that began the flow was sent. */
  readonly afterMs: number;
}

/** Fields that tell a reader most about an event; the first three that it has are shown. */
const telling = [
  'achievement_name', 'title_name', 'badge_name', 'stat_name', 'title', 'quest_type', 'prompt_category',
  'trigger_event', 'previous_value', 'new_value', 'experience_points', 'reason', 'experience_reward',
  'previous_level', 'new_level', 'total_experience', 'progress_percentage', 'time_zone',
];
const shown = 3;

/** `stat_name=intelligence previous_value=10 new_value=14`: what a line says of its event. */
export function keyValues(fields: SeenEvent['fields']): string {
  return telling
    .filter((name) => fields[name] !== undefined && fields[name] !== '')
    .slice(0, shown)
    .map((name) => `${name}=${JSON.stringify(fields[name])}`)
    .join(' ');
}

const describeEvent = (event: SeenEvent): string =>
  `${event.source.padEnd(12)} ${event.name} ${event.version}  ${keyValues(event.fields)}  +${Math.round(event.afterMs)} ms`;

/**
 * Draws the events of one flow as a tree: each under the event that caused it, siblings in order of
 * arrival. An event whose cause was not seen stands at the top.
 */
export function causationTree(events: readonly SeenEvent[]): string[] {
  const known = new Set(events.map((event) => event.eventId));
  const children = groupBy(events, (event) => parentOf(event, known));
  const lines: string[] = [];
  const draw = (parent: string | null, indent: string): void => {
    const siblings = children.get(parent) ?? [];
    siblings.forEach((event, index) => {
      const last = index === siblings.length - 1;
      lines.push(`${indent}${last ? '└─ ' : '├─ '}${describeEvent(event)}`);
      draw(event.eventId, `${indent}${last ? '   ' : '│  '}`);
    });
  };
  draw(null, '');
  return lines;
}

const parentOf = (event: SeenEvent, known: ReadonlySet<string>): string | null =>
  event.causationId !== null && known.has(event.causationId) ? event.causationId : null;

function groupBy(events: readonly SeenEvent[], keyOf: (event: SeenEvent) => string | null): Map<string | null, SeenEvent[]> {
  const groups = new Map<string | null, SeenEvent[]>();
  for (const event of events) {
    const key = keyOf(event);
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return groups;
}
