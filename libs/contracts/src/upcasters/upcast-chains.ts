import type { AnyEventType } from '../event-type.js';
import { eventOf, type Upcaster } from './upcaster.js';

/** Gives a payload of one type as a payload of another. */
export type Upcast = (payload: object) => object;

/** Upcasters put one behind the other, for records of the wire and rows of a log alike. */
export class UpcastChains {
  private readonly steps: ReadonlyMap<string, Upcaster>;
  private readonly found = new Map<AnyEventType, Map<AnyEventType, Upcast | null>>();

  constructor(upcasters: readonly Upcaster[]) {
    this.steps = new Map(upcasters.map((step) => [step.from.recordName, step]));
  }

  /**
   * From one major of an event to the same or a newer one; null when a step between them is missing, when
   * `to` is older, or another event. A function for every payload is made once and kept.
   */
  between(from: AnyEventType, to: AnyEventType): Upcast | null {
    let ofFrom = this.found.get(from);
    if (!ofFrom) this.found.set(from, (ofFrom = new Map<AnyEventType, Upcast | null>()));
    let chain = ofFrom.get(to);
    if (chain === undefined) ofFrom.set(to, (chain = this.chain(from, to)));
    return chain;
  }

  /** The newest major among `wanted` that payloads of `from` can be given as; null when there is none. */
  newestFor(from: AnyEventType, wanted: readonly AnyEventType[]): AnyEventType | null {
    return wanted.reduce<AnyEventType | null>(
      (best, type) => (this.between(from, type) !== null && type.major >= (best?.major ?? 0) ? type : best),
      null,
    );
  }

  private chain(from: AnyEventType, to: AnyEventType): Upcast | null {
    if (from === to || from.recordName === to.recordName) return (payload) => payload;
    if (eventOf(from) !== eventOf(to) || from.major > to.major) return null;
    let chain: Upcast | null = null;
    for (let at = from.recordName; at !== to.recordName; ) {
      const step = this.steps.get(at);
      if (step === undefined || step.to.major > to.major) return null;
      chain = chain === null ? step.upcast : behind(chain, step.upcast);
      at = step.to.recordName;
    }
    return chain;
  }
}

/** Runs for every event of an older major: calls that are made once and nested cost less than a list gone through. */
const behind = (first: Upcast, next: Upcast): Upcast => (payload) => next(first(payload));
