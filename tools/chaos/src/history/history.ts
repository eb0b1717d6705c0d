/** One event as some place holds it. `n` counts a key's events from 1 on, in the order of their commits. */
export interface Entry {
  readonly id: string;
  readonly key: string;
  readonly n: number;
}

/** Everything that two services and the broker between them hold when all is quiet. Lists are in the order of the place that holds them. */
export interface History {
  /** Ids of events whose commit the writer saw. */
  readonly acknowledged: readonly string[];
  /** The writer's own state: how many events of a key it believes to have raised. */
  readonly counted: ReadonlyMap<string, number>;
  /** Log of the first service. */
  readonly log: readonly Entry[];
  /** Its topic, partition after partition, also what came twice. */
  readonly topic: readonly Entry[];
  /** What the second service did, under the ids of the events that made it do so. */
  readonly effects: readonly Entry[];
  /** Ids of events that it put aside. */
  readonly parked: readonly string[];
  /** The second service's own state: effects that it counted for a key. */
  readonly booked: ReadonlyMap<string, number>;
  /** Log of the second service: one event an effect, with the `n` of the event that caused it. */
  readonly raisedLog: readonly Entry[];
  readonly raisedTopic: readonly Entry[];
}

export interface Verdict {
  /** In one place and missing in the next. */
  readonly lost: number;
  /** Took effect, or was put aside, more than once. */
  readonly doubled: number;
  /** A key's event that stands before an earlier one. */
  readonly orderBreaks: number;
  /** Nobody committed it, and it is there all the same; or a service's state disagrees with its events. */
  readonly untrue: number;
  /** Copies in the topics: allowed, and dropped by whoever reads them. */
  readonly wireDuplicates: number;
  readonly events: number;
  readonly effects: number;
  readonly parked: number;
  /** The first faults in words. */
  readonly faults: readonly string[];
}

export const isClean = ({ lost, doubled, orderBreaks, untrue }: Verdict): boolean => lost + doubled + orderBreaks + untrue === 0;
