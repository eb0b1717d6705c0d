/** What a service process is to do. Goes over the process's message channel. */
export interface Job {
  readonly role: Role;
  /** Tells the topics and groups of several runs on one broker apart. */
  readonly run: string;
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  /** Ports of brokers that are reached through another port: a proxy's. */
  readonly via: Readonly<Record<string, number>>;
  readonly registryUrl: string;
  readonly seed: number;
  /** Where the process kills itself: the point, and at which passing. */
  readonly strike: Strike | null;
  readonly load: Load;
  readonly pace: Pace;
}

/** Sessions and rebalances: as in production, or so short that a run can wait for them. */
export type Pace = 'production' | 'short';

export type Role = 'quests' | 'dashboard';

export interface Strike {
  readonly point: string;
  readonly passing: number;
}

export interface Load {
  readonly users: number;
  /** Writers at the same time. */
  readonly writers: number;
  /** Longest pause of a writer between two transactions, ms. */
  readonly pauseMs: number;
  /** The handler refuses every so-manieth event of a user for its first moments; 0: none. */
  readonly refuseEvery: number;
}

export type FromService =
  | { readonly kind: 'ready' }
  /** Ids of events whose commit the service saw. */
  | { readonly kind: 'committed'; readonly ids: readonly string[] }
  | { readonly kind: 'quiet' }
  | { readonly kind: 'failed'; readonly error: string };

/** `quiet`: no more commands. */
export interface ToService {
  readonly kind: 'quiet';
}

export const topicOf = (role: Role, run: string): string => `lifeos.${role}.events.${run}`;
export const groupOf = (run: string): string => `dashboard.${run}`;
