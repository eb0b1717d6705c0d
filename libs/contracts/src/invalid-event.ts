/** One thing that is wrong with an event, and where: `data_points[3].unit`. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

/**
 * A producer's input, or the JSON form of an event, breaks the contract. Carries every fault, not the
 * first one alone. Trying again with the same input never helps. Values of personal fields are left
 * out of the text, because errors end up in logs.
 */
export class InvalidEvent extends Error {
  readonly code = 'INVALID_EVENT';
  readonly retryable = false;

  constructor(
    readonly eventName: string,
    readonly version: string,
    readonly faults: readonly Fault[],
  ) {
    super(`${eventName} ${version} is not valid: ${faults.map((fault) => `${fault.field} ${fault.message}`).join('; ')}`);
    this.name = 'InvalidEvent';
  }
}
