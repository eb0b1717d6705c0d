import type { EventEnvelope } from '@lifeos/events';
import type { History } from './histories.js';
import type { Stage } from './stage.js';
import { firstDay, grouped, length } from './stories/telling.js';

/** What of the histories reaches a service: other services' topics, and what its own commands raised. */
export interface Part {
  readonly ownTopic: string;
  readonly isHeard: (event: EventEnvelope) => boolean;
}

const topicOf = ({ type }: EventEnvelope): string => type.topic ?? '';

/** As it happens when nobody is ever late: a few days of all topics, then the next ones; the service's own events as they come. */
export async function playInOrder(stage: Stage, histories: readonly History[], { ownTopic, isHeard }: Part): Promise<void> {
  const steps = 4;
  const step = length / steps;
  const events = histories.flatMap((history) => history.events.filter(isHeard));
  const own = async (): Promise<void> => {
    for (let fresh = await stage.published(); fresh.length > 0; fresh = await stage.published()) await stage.deliver(ownTopic, fresh);
  };
  const byStep = grouped(events, ({ timestamp }) => Math.min(steps - 1, Math.floor((timestamp.getTime() - firstDay) / step)));
  for (let index = 0; index < steps; index += 1) {
    for (const [topic, batch] of [...grouped(byStep.get(index) ?? [], topicOf)].sort()) {
      if (topic === ownTopic) await stage.append(batch);
      else await stage.deliver(topic, batch);
      await own();
    }
  }
  await own();
}

/**
 * As it may come: topics in any order and two at a time, people mixed, only each person's order within a
 * topic kept; records that came before come again, in the same batch or in a later one.
 */
export async function playShuffled(stage: Stage, histories: readonly History[], { ownTopic, isHeard, chance }: Part & { readonly chance: () => number }): Promise<void> {
  const streams = new Map<string, EventEnvelope[]>();
  for (const [topic, events] of grouped(histories.flatMap((history) => history.events.filter(isHeard)), topicOf)) streams.set(topic, mixed(events, chance));
  const sent = new Map<string, EventEnvelope[]>();
  const commands = streams.get(ownTopic) ?? [];
  streams.set(ownTopic, []);
  const deliver = async (topic: string): Promise<void> => {
    const waiting = streams.get(topic) ?? [];
    if (topic === ownTopic) {
      await stage.append(commands.splice(0, size(chance)));
      waiting.push(...(await stage.published()));
    }
    const fresh = waiting.splice(0, size(chance));
    const before = sent.get(topic) ?? [];
    const from = Math.floor(chance() * before.length);
    const again = [...before.slice(from, from + fresh.length / 6), ...fresh.slice(0, 9)];
    sent.set(topic, before.concat(fresh));
    await stage.deliver(topic, [...fresh, ...again]);
  };
  for (;;) {
    streams.get(ownTopic)?.push(...(await stage.published()));
    const open = [...streams].filter(([topic, events]) => events.length > 0 || (topic === ownTopic && commands.length > 0)).map(([topic]) => topic);
    if (open.length === 0) return;
    const first = open[Math.floor(chance() * open.length)] as string;
    const second = open[Math.floor(chance() * open.length)] as string;
    await Promise.all([...new Set([first, second])].map(deliver));
  }
}

const size = (chance: () => number): number => 1 + Math.floor(chance() ** 2 * 2_500);

/** Any order between people, each person's own order kept. */
function mixed(events: readonly EventEnvelope[], chance: () => number): EventEnvelope[] {
  return [...grouped(events, ({ key }) => key).values()]
    .flatMap((own) => {
      const places = own.map(chance).sort((a, b) => a - b);
      return own.map((event, index) => ({ event, place: places[index] as number }));
    })
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event);
}
