import { grantConsents, openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import type { Clock } from '@lifeos/service';
import { integrations } from '../integrations.module.js';

/** The service with the fake source; nothing is read on schedule unless the environment says how often. */
export function openIntegrationsBench(clock: Clock, environment: Readonly<Record<string, string>> = {}): Promise<ServiceBench> {
  const own = { FAKE_SOURCE: 'true', INTEGRATIONS_TICK_MS: '3600000', INTEGRATIONS_CREDENTIALS_KEYS: `test:${Buffer.alloc(32, 5).toString('base64')}` };
  return openServiceBench(integrations, { clock, environment: { ...own, ...environment } });
}

let people = 0;

/** A new person who consents. */
export async function newPerson({ database }: ServiceBench): Promise<number> {
  const user = ++people;
  await grantConsents(database, user, ['external_integrations']);
  return user;
}

export interface Wish {
  readonly service_name?: string;
  readonly integration_type?: string;
  readonly credentials?: Record<string, unknown>;
  readonly sync_frequency?: string;
}

/** Connects, by default the fake Todoist, and gives the new id. @throws when it is refused. */
export async function connect(bench: ServiceBench, user_id: number, wish: Wish = {}): Promise<number> {
  const body = { user_id, service_name: 'todoist', integration_type: 'productivity', credentials: { token: 'very-secret' }, ...wish };
  const answer = await bench.call('/integrations', { method: 'POST', as: user_id, body });
  if (answer.status !== 201) throw new Error(`Not connected: ${JSON.stringify(answer)}`);
  return Number(answer.body['integration_id']);
}

export const point = (recorded_at: Date | string, value: unknown = 1, over: Record<string, unknown> = {}) => ({
  metric: 'task.completed', unit: 'count', value, recorded_at: recorded_at instanceof Date ? recorded_at.toISOString() : recorded_at, ...over,
});

/** A person's events in order, by name and payload. */
export async function told(bench: ServiceBench, user: number): Promise<[string, Record<string, unknown>][]> {
  return (await bench.events()).filter(({ key }) => key === String(user)).map(({ type, payload }) => [type.name, payload as Record<string, unknown>]);
}
