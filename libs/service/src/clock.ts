/** The only source of time in a service: handlers and controllers ask it and hand the answer on as data. */
export interface Clock {
  /** Now, UTC. */
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
