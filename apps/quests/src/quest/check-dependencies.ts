import type { Queryable } from '@lifeos/postgres';
import { Invalid } from '@lifeos/service';
import { dependenciesOf } from '../read-models/chains.js';
import { statusesOf } from '../read-models/quest-list.js';
import { type Dependencies, makesCircle, namedBy } from './dependencies.js';

/** Whether any prerequisite is not completed yet. @throws Invalid for one that is no quest of this person. */
export async function anyPrerequisiteOpen(tx: Queryable, userId: number, wanted: Dependencies): Promise<boolean> {
  const named = namedBy(wanted);
  if (named.length === 0) return false;
  const { parent_quest_id, prerequisite_quest_ids } = wanted;
  const statuses = await statusesOf(tx, userId, named);
  const faultsOf = (id: number, field: string) => (statuses.has(id) ? [] : [{ field, message: `names no quest of user ${userId}: ${id}` }]);
  const faults = [
    ...prerequisite_quest_ids.flatMap((id, index) => faultsOf(id, `prerequisite_quest_ids.${index}`)),
    ...(parent_quest_id === null ? [] : faultsOf(parent_quest_id, 'parent_quest_id')),
  ];
  if (faults.length > 0) throw new Invalid('The quest names others that are not there.', faults);
  return prerequisite_quest_ids.some((id) => statuses.get(id) !== 'completed');
}

/** @throws Invalid when the quest would depend on itself. */
export async function refuseCircle(tx: Queryable, quest: { readonly user_id: number; readonly quest_id: number }, wanted: Dependencies): Promise<void> {
  if (!makesCircle(quest.quest_id, wanted, await dependenciesOf(tx, quest.user_id))) return;
  const message = `makes quest ${quest.quest_id} depend on itself`;
  const field = namedBy({ ...wanted, parent_quest_id: null }).length > 0 ? 'prerequisite_quest_ids' : 'parent_quest_id';
  throw new Invalid('A quest cannot depend on itself.', [{ field, message }]);
}
