import { compareVersions, majorOf, rangeHolds } from '@lifeos/events';
import type { ConsumerManifest, HandlerManifest } from './manifest.js';

/** A released version of an event. */
export interface EventVersion {
  /** `lifeos.quests.v1.QuestCreated` */
  readonly recordName: string;
  readonly version: string;
}

/**
 * What a handler does with events of a version: reads them as they are (`works`), after upcasters
 * (`upcasts`), gives them to its fallback (`falls back`), leaves them out by its range (`skips`), or its service cannot know them and keeps them as
 * dead letters until it does (`parks`).
 */
export type Reaction = 'works' | 'upcasts' | 'falls back' | 'skips' | 'parks';

export interface Verdict extends EventVersion {
  readonly service: string;
  readonly handler: string;
  readonly reaction: Reaction;
  /** The service would miss facts: it parks them, or nobody in it takes the event's newest version. */
  readonly breaks: boolean;
}

/** Whether upcasters lead from one record name to another. */
export type Leads = (from: string, to: string) => boolean;

/** What every handler that is interested in one of these events does with each of these versions. */
export function whoBreaks(manifests: readonly ConsumerManifest[], versions: readonly EventVersion[], leads: Leads): Verdict[] {
  const newest = newestByEvent(versions);
  return versions.flatMap((version) =>
    manifests.flatMap((manifest) => {
      const interested = manifest.handlers.filter(({ reads }) => Object.keys(reads).some((read) => eventIn(read) === eventIn(version.recordName)));
      const reactions = interested.map((handler) => ({ handler, reaction: reactionOf(handler, version, { interested, leads }) }));
      const isTaken = reactions.some(({ reaction }) => reaction !== 'skips' && reaction !== 'parks');
      const isNewest = newest.get(eventIn(version.recordName)) === version;
      return reactions.map(({ handler, reaction }) => {
        const breaks = reaction === 'parks' || (reaction === 'skips' && isNewest && !isTaken);
        return { ...version, service: manifest.service, handler: handler.handler, reaction, breaks };
      });
    }),
  );
}

interface Surroundings {
  /** Handlers of the same service for the same event: what they read, the service was compiled with. */
  readonly interested: readonly HandlerManifest[];
  readonly leads: Leads;
}

function reactionOf({ range, reads, fallback }: HandlerManifest, { recordName, version }: EventVersion, { interested, leads }: Surroundings): Reaction {
  const event = eventIn(recordName);
  const known = interested.flatMap((handler) => Object.entries(handler.reads)).flatMap(([read, as]) => (eventIn(read) === event ? [majorOf(as)] : []));
  if (majorOf(version) > Math.max(...known)) return 'parks';
  const isInRange = rangeHolds(range, version);
  const otherwise = fallback === true ? 'falls back' : 'skips';
  if (recordName in reads) return isInRange ? 'works' : otherwise;
  const targets = Object.entries(reads).filter(([read]) => eventIn(read) === event && leads(recordName, read));
  return targets.some(([, as]) => isInRange || rangeHolds(range, as)) ? 'upcasts' : otherwise;
}

function newestByEvent(versions: readonly EventVersion[]): Map<string, EventVersion> {
  const newest = new Map<string, EventVersion>();
  for (const one of versions) {
    const best = newest.get(eventIn(one.recordName));
    if (!best || compareVersions(one.version, best.version) > 0) newest.set(eventIn(one.recordName), one);
  }
  return newest;
}

/** `lifeos.quests.v1.QuestCreated` -> `lifeos.quests.QuestCreated` */
export const eventIn = (recordName: string): string => recordName.replace(/\.v\d+\.(?=[^.]+$)/, '.');
