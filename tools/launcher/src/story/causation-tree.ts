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
  'achievement_name', 'title_name', 'badge_name', 'stat_name', 'subcategory', 'title', 'habit_name', 'skill_name', 'service_name', 'name', 'status', 'quest_type',
  'prompt_category', 'trigger_event', 'previous_value', 'new_value', 'milestone_value', 'trend_type', 'duration_days', 'experience_points', 'reason',
  'previous_streak', 'streak_count', 'streak_type', 'auto_completed', 'experience_reward', 'previous_level', 'new_level', 'total_experience', 'progress_percentage',
  'data_type', 'data_points_count', 'records_processed', 'success', 'trigger_source', 'pattern_type', 'insight_type', 'confidence_score', 'shift_type', 'affected_areas',
  'severity', 'health_score', 'overall_balance', 'recommendation_type', 'priority', 'prediction_type', 'prediction_horizon_days', 'recommended_skill_names',
  'engagement_score', 'risk_factors', 'time_zone',
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

/** More of a kind side by side, with nothing under them, become one line. */
const alikeShown = 2;

const describeEvent = (event: SeenEvent, more = 0): string =>
  `${event.source.padEnd(12)} ${event.name} ${event.version}  ${keyValues(event.fields)}${more > 0 ? `  and ${more} more` : ''}  +${Math.round(event.afterMs)} ms`;

/**
 * Draws the events of one flow as a tree: each under the event that caused it, siblings in order of
 * arrival, many alike as one line. An event whose cause was not seen stands at the top.
 */
export function causationTree(events: readonly SeenEvent[]): string[] {
  const known = new Set(events.map((event) => event.eventId));
  const children = groupBy(events, (event) => parentOf(event, known));
  const lines: string[] = [];
  const draw = (parent: string | null, indent: string): void => {
    const siblings = folded(children.get(parent) ?? [], ({ eventId }) => children.has(eventId));
    siblings.forEach(({ event, more }, index) => {
      const last = index === siblings.length - 1;
      lines.push(`${indent}${last ? '└─ ' : '├─ '}${describeEvent(event, more)}`);
      draw(event.eventId, `${indent}${last ? '   ' : '│  '}`);
    });
  };
  draw(null, '');
  return lines;
}

/** The first of many events alike stands for the others, which nothing follows from. */
function folded(siblings: readonly SeenEvent[], hasEffects: (event: SeenEvent) => boolean): { event: SeenEvent; more: number }[] {
  const alike = groupBy(siblings, (event) => (hasEffects(event) ? event.eventId : `${event.source} ${event.name}`));
  return [...alike.values()].flatMap((events) => {
    const [event] = events;
    if (event === undefined || events.length <= alikeShown) return events.map((one) => ({ event: one, more: 0 }));
    return [{ event, more: events.length - 1 }];
  });
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
