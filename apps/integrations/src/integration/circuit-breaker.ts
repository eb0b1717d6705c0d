/** Calls to a source that failed in a row, and since when no more are made. */
export interface Circuit {
  readonly failures: number;
  readonly circuit_opened_at: Date | null;
}

export type CircuitState = 'closed' | 'open' | 'half_open';

export const failuresUntilOpen = 5;
export const openForMs = 300_000;

export const closedCircuit: Circuit = { failures: 0, circuit_opened_at: null };

/** I-8: an open circuit lets one trial call pass once its time is over. */
export function circuitAt({ circuit_opened_at }: Circuit, now: Date): CircuitState {
  if (circuit_opened_at === null) return 'closed';
  return now.getTime() < reopensAt(circuit_opened_at).getTime() ? 'open' : 'half_open';
}

/** The fifth failure in a row opens; so does a trial that fails. */
export function afterFailure({ failures }: Circuit, now: Date): Circuit {
  const inARow = failures + 1;
  return { failures: inARow, circuit_opened_at: inARow < failuresUntilOpen ? null : now };
}

export const reopensAt = (openedAt: Date): Date => new Date(openedAt.getTime() + openForMs);
