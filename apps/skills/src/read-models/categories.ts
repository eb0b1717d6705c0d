import type { Queryable } from '@lifeos/postgres';
import { categories, type Category } from '../skill/skill.js';

export interface CategoryView {
  readonly category: Category;
  readonly skills: number;
}

/** Gives every person the three categories; those already there stay (K-9). */
export async function addMissingCategories(db: Queryable, userIds: readonly number[]): Promise<void> {
  await db.query(
    `INSERT INTO person_categories (user_id, category)
     SELECT DISTINCT user_id, category FROM unnest($1::bigint[]) AS person (user_id), unnest($2::text[]) AS c (category)
     ON CONFLICT DO NOTHING`,
    [userIds, categories],
  );
}

/** A person's categories with the number of skills in each; empty before the person was heard of. */
export async function categoriesOf(db: Queryable, userId: number): Promise<CategoryView[]> {
  const { rows } = await db.query<CategoryView>(
    `SELECT category, (SELECT count(*)::int FROM skills s WHERE s.user_id = c.user_id AND s.category = c.category AND s.deleted_at IS NULL) AS skills
     FROM person_categories c WHERE user_id = $1 ORDER BY array_position($2::text[], category)`,
    [userId, categories],
  );
  return rows;
}
