import { allEventTypes } from '@lifeos/contracts';

const sensitive = [...new Map(allEventTypes.flatMap(({ name, purpose }) => (purpose === null ? [] : [[name, purpose] as const])))];

/**
 * V-5, V-6: names of the sensitive events that the person `$1` lets be shown, as a subquery. It depends on
 * nothing but `$1`, so a statement computes it once.
 */
export const allowedTypes = `SELECT t.name FROM (VALUES ${sensitive.map(([name, purpose]) => `('${name}', '${purpose}')`).join(', ')}) AS t (name, purpose)
  JOIN consents AS c ON c.user_id = $1 WHERE coalesce((c.overrides ->> t.name)::boolean, c.purposes ->> t.purpose = 'granted', false)`;
