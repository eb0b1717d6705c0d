import { describe, expect, it } from '@jest/globals';
import { afterFailure, type Circuit, circuitAt, closedCircuit } from './circuit-breaker.js';

const noon = new Date('2026-11-21T12:00:00Z');
const after = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);
const failed = (times: number): Circuit => Array.from({ length: times }).reduce<Circuit>((circuit) => afterFailure(circuit, noon), closedCircuit);

describe('I-8: the circuit breaker', () => {
  it.each([[0, 'closed'], [4, 'closed'], [5, 'open'], [6, 'open']] as const)('after %d failures in a row is %s', (failures, state) => {
    expect(circuitAt(failed(failures), noon)).toBe(state);
  });

  it.each([[0, 'open'], [299, 'open'], [299.999, 'open'], [300, 'half_open'], [86_400, 'half_open']] as const)('%d s after it opened is %s', (seconds, state) => {
    expect(circuitAt(failed(5), after(seconds))).toBe(state);
  });

  it('opens for another 300 s when the trial fails', () => {
    const again = afterFailure(failed(5), after(300));
    expect([circuitAt(again, after(300)), circuitAt(again, after(599)), circuitAt(again, after(600))]).toEqual(['open', 'open', 'half_open']);
  });

  it('counts from 0 once it was closed', () => {
    expect(closedCircuit).toEqual({ failures: 0, circuit_opened_at: null });
    expect(circuitAt(afterFailure(closedCircuit, noon), noon)).toBe('closed');
  });
});
