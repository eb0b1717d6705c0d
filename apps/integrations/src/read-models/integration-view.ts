import { type CircuitState, circuitAt } from '../integration/circuit-breaker.js';
import type { StoredIntegration } from '../integration/integration-store.js';
import { qualityNote } from '../points/quality.js';

/** An integration as the API answers it: nothing of its credentials. */
export interface IntegrationView {
  readonly integration_id: number;
  readonly user_id: number;
  readonly service_name: string;
  readonly integration_type: string;
  readonly state: string;
  /** `files`: read from files alone, so without a schedule. */
  readonly sync_frequency: string;
  readonly connected_at: Date;
  readonly last_sync_at: Date | null;
  readonly next_sync_at: Date | null;
  readonly circuit: CircuitState;
  readonly data_quality_score: number | null;
  /** What the person should know: poor quality, a failure. */
  readonly note: string | null;
  readonly last_error: { readonly error_code: string; readonly message: string; readonly at: Date } | null;
}

export function viewOf(one: StoredIntegration, now: Date, isFile: boolean): IntegrationView {
  const { integration_id, user_id, service_name, integration_type, state, sync_frequency, connected_at, last_sync_at, next_sync_at, last_quality } = one;
  const last_error =
    one.last_error_code !== null && one.last_error_at !== null ? { error_code: one.last_error_code, message: one.last_error_message ?? '', at: one.last_error_at } : null;
  return {
    ...{ integration_id, user_id, service_name, integration_type, state, connected_at, last_sync_at, next_sync_at },
    sync_frequency: isFile ? 'files' : sync_frequency,
    circuit: circuitAt(one, now),
    data_quality_score: last_quality,
    note: last_error ? 'The last try failed. Values can be entered by hand meanwhile.' : last_quality === null ? null : qualityNote(last_quality),
    last_error,
  };
}
