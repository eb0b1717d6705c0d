import { AutoCompletionTriggered, DataSyncCompleted, DataSyncFailed, ExternalDataReceived, IntegrationConnected, IntegrationDisconnected } from '@lifeos/contracts';
import { dateOf, hour, inTime, moments, oneOf, told, whole, type Draw, type Happening } from './telling.js';

const metrics = {
  workout: { metric: 'workout.minutes', unit: 'min' },
  sleep: { metric: 'sleep.hours', unit: 'h' },
  transaction: { metric: 'transaction.amount', unit: 'EUR' },
  task: { metric: 'task.completed', unit: 'count' },
} as const;

/** One source: connected, synced well or not, now and then a reading sent again, perhaps disconnected. */
export function integrationsStory(draw: Draw, user: number): Happening[] {
  const integration_id = user;
  const connected = whole(draw, 0, 72 * hour);
  const syncs = moments(draw, whole(draw, 2, 3), { from: connected + hour }).map((at, index) => sync(draw, { at, integration_id, sync_job_id: `${user}-${index}` }));
  // Two sources may meet the rules of one quest.
  const completed = moments(draw, 2).map((at) =>
    told(at, AutoCompletionTriggered, { quest_id: user * 100, trigger_source: 'strava', trigger_data: { 'workout.minutes': 31 }, completion_timestamp: dateOf(at) }));
  const last = 40 * 24 * hour;
  return inTime(
    [told(connected, IntegrationConnected, { integration_id, service_name: 'strava', integration_type: oneOf(draw, 'health', 'productivity'), connection_timestamp: dateOf(connected) })],
    ...syncs,
    completed,
    oneOf(draw, [], [told(last, IntegrationDisconnected, { integration_id, service_name: 'strava', disconnection_reason: 'user_request', disconnection_timestamp: dateOf(last) })]),
  );
}

function sync(draw: Draw, { at, integration_id, sync_job_id }: { at: number; integration_id: number; sync_job_id: string }): Happening[] {
  if (whole(draw, 1, 5) === 1) return [told(at, DataSyncFailed, { integration_id, sync_job_id, error_code: 'TIMEOUT', error_message: 'No answer.', retry_count: 1 })];
  const data_type = oneOf(draw, 'workout', 'sleep', 'transaction', 'task');
  // The same moments come again in later syncs, as sources tell what they told before.
  const data_points = Array.from({ length: whole(draw, 1, 3) }, (_, index) => ({ ...metrics[data_type], value: whole(draw, 1, 20), recorded_at: dateOf(Math.floor(at / (12 * hour)) * 12 * hour - index * 8 * hour) }));
  const received = told(at, ExternalDataReceived, { integration_id, data_type, data_points_count: data_points.length, sync_timestamp: dateOf(at), data_quality_score: oneOf(draw, 1, 0.7), data_points });
  return [received, told(at, DataSyncCompleted, { integration_id, sync_job_id, records_processed: data_points.length, sync_duration_ms: 120, success: true })];
}
