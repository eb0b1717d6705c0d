import type { Queryable } from '@lifeos/postgres';
import { Forbidden, mayActFor, type Principal } from '@lifeos/service';
import { IntegrationNotFound } from './errors.js';
import { loadIntegration, type StoredIntegration } from './integration-store.js';

/** @throws IntegrationNotFound; Forbidden when it belongs to another user (D-9). */
export async function ownIntegration(db: Queryable, integrationId: number, caller: Principal): Promise<StoredIntegration> {
  const one = await loadIntegration(db, integrationId);
  if (!one) throw new IntegrationNotFound(integrationId);
  if (!mayActFor(caller, one.user_id)) throw new Forbidden(`Integration ${integrationId} belongs to another user.`);
  return one;
}
