/** A part of the local infrastructure that a scenario needs. */
export type Part = 'postgres' | 'kafka' | 'registry';

/** What prepared work hands to the runs: names of topics, counts, sums. Travels between processes as JSON. */
export type Prepared = Readonly<Record<string, string | number>>;

/** Where a run finds the parts, and how much it may do. */
export interface BenchEnv {
  /** Tiny sizes: shows that everything works, says nothing about speed. */
  readonly quick: boolean;
  /** 0-based. */
  readonly repetition: number;
  /** Superuser's url of the server's maintenance database; empty when the scenario does not need PostgreSQL. */
  readonly postgresUrl: string;
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly prepared: Prepared;
}

/** What a run left behind, held against what it should have left. */
export interface Check {
  readonly what: string;
  readonly expected: string | number;
  readonly actual: string | number;
}

export interface Outcome {
  /** Figures by name, for example `rate`; rows of the table name them as `<contestant>.<figure>`. */
  readonly figures: Readonly<Record<string, number>>;
  readonly checks: readonly Check[];
}

/** One way to do the scenario's work. Each run of it is a new process. */
export interface Contestant {
  readonly name: string;
  /** Before each run, in a process of its own: what it leaves in memory must not weigh on the run. */
  prepare?(env: BenchEnv): Promise<Prepared>;
  run(env: BenchEnv): Promise<Outcome>;
}

/** The value itself, or its ratio to the reference of the same repetition, at least or at most so much. */
export type Target = { readonly of: 'value' | 'ratio' } & ({ readonly atLeast: number } | { readonly atMost: number });

/** One line of the table. */
export interface Row {
  readonly what: string;
  /** `<contestant>.<figure>`. */
  readonly figure: string;
  readonly unit: 'events/s' | 'us an event' | 'ms' | 'MB' | '% of a core' | 'times' | '% of requests' | 'ms a request' | 'a request';
  /** Another row's figure, measured in the same repetition. */
  readonly reference?: string;
  readonly target?: Target;
}

/** The work of a helper process, for example a service; it ends when its promise does. */
export type Role = (env: BenchEnv, desk: RoleDesk) => Promise<void>;
export interface RoleDesk {
  /** Says that the role is ready to work; the run waits for it. */
  ready(): Promise<void>;
  /** Tells the run something. */
  tell(message: Prepared): void;
  /** Called for each thing that the run tells. */
  onTold(listener: (message: Prepared) => void): void;
  /** Resolves when the run wants the process to end. */
  readonly ended: Promise<void>;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly needs: readonly Part[];
  /** Left out unless named by `--only`. */
  readonly onlyByName?: boolean;
  /** Default 3. */
  readonly repetitions?: number;
  /** Once, in a process of its own, before the first run. */
  prepare?(env: BenchEnv): Promise<Prepared>;
  /** Run in turn within each repetition. */
  readonly contestants: readonly Contestant[];
  readonly rows: readonly Row[];
  readonly roles?: Readonly<Record<string, Role>>;
}

/** `size(env, 60_000, 2_000)`: the full size, or the quick one. */
export function size(env: BenchEnv, full: number, quick: number): number {
  return env.quick ? quick : full;
}
