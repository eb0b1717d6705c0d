import type { Role } from '../service/job.js';
import type { Seams } from '../service/seams.js';

/** A moment in a service's life at which it is killed. */
export interface KillPoint {
  readonly name: string;
  readonly victim: Role;
  /** For people. */
  readonly what: string;
  /** The seed chooses the passing at which the process dies, from 1 to this one. */
  readonly passings: number;
  /** What must be done to the victim so that it comes to the point; by itself it does under load. */
  readonly provoke?: 'another-member' | 'stop';
  /** `pass` kills the process when its passing has come, and else returns. */
  seams(pass: () => void): Partial<Seams>;
}
