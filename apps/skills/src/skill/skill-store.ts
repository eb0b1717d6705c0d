import type { Queryable } from '@lifeos/postgres';
import type { NewSkill, SkillChange } from './requests.js';
import { type Category, type Practice, type Prerequisite, type Skill, standingAt } from './skill.js';

/** A skill with all that is kept of it. */
export interface StoredSkill extends Skill {
  readonly user_id: number;
  readonly name: string;
  readonly category: Category;
  readonly description: string;
  readonly prerequisites: readonly Prerequisite[];
  readonly created_at: Date;
}

/** Under the owner's key lock, as everything that writes here. Returns the new id. */
export async function insertSkill(tx: Queryable, skill: NewSkill, at: Date): Promise<number> {
  const { rows } = await tx.query<{ skill_id: string }>(
    `INSERT INTO skills (skill_id, user_id, name, category, description, created_at)
     VALUES (nextval('skill_ids'), $1, $2, $3, $4, $5) RETURNING skill_id`,
    [skill.user_id, skill.name, skill.category, skill.description, at],
  );
  const skillId = Number(rows[0]?.skill_id);
  await tx.query(
    `INSERT INTO skill_prerequisites (skill_id, required_skill_id, required_level)
     SELECT $1, * FROM unnest($2::bigint[], $3::int[])`,
    [skillId, skill.prerequisites.map(({ skill_id }) => skill_id), skill.prerequisites.map(({ level }) => level)],
  );
  return skillId;
}

/** Null when there is none, or it was deleted. */
export async function loadSkill(db: Queryable, skillId: number): Promise<StoredSkill | null> {
  const [skill] = await load(db, 'skill_id = $1', [skillId]);
  return skill ?? null;
}

/** A person's skills, oldest first. */
export async function skillsOf(db: Queryable, userId: number, page: { limit: number; offset: number }): Promise<StoredSkill[]> {
  return load(db, 'user_id = $1', [userId], `LIMIT ${page.limit} OFFSET ${page.offset}`);
}

export async function saveChange(tx: Queryable, skillId: number, { name, description }: SkillChange): Promise<void> {
  await tx.query('UPDATE skills SET name = coalesce($2, name), description = coalesce($3, description) WHERE skill_id = $1', [skillId, name ?? null, description ?? null]);
}

export async function savePractice(tx: Queryable, skillId: number, { total_experience, total_minutes }: Practice, at: Date): Promise<void> {
  await tx.query('UPDATE skills SET total_experience = $2, total_minutes = $3, last_practiced = $4 WHERE skill_id = $1', [skillId, total_experience, total_minutes, at]);
}

export async function deleteSkill(tx: Queryable, skillId: number, at: Date): Promise<void> {
  await tx.query('UPDATE skills SET deleted_at = $2 WHERE skill_id = $1', [skillId, at]);
}

type Row = Omit<StoredSkill, 'skill_id' | 'user_id' | 'total_experience' | 'missing' | 'prerequisites'> & {
  readonly skill_id: string;
  readonly user_id: string;
  readonly total_experience: string;
  readonly required: readonly (Prerequisite & { readonly total_experience: number })[];
};

/** A prerequisite that was deleted is none any more. */
async function load(db: Queryable, condition: string, values: readonly unknown[], part = ''): Promise<StoredSkill[]> {
  const { rows } = await db.query<Row>(
    `SELECT skill_id, user_id, name, category, description, total_experience, total_minutes, last_practiced, created_at,
       coalesce((
         SELECT jsonb_agg(jsonb_build_object('skill_id', r.skill_id, 'level', p.required_level, 'total_experience', r.total_experience) ORDER BY r.skill_id)
         FROM skill_prerequisites p JOIN skills r ON r.skill_id = p.required_skill_id AND r.deleted_at IS NULL
         WHERE p.skill_id = skills.skill_id
       ), '[]') AS required
     FROM skills WHERE ${condition} AND deleted_at IS NULL ORDER BY skill_id ${part}`,
    values,
  );
  return rows.map(({ required, ...row }) => ({
    ...row,
    skill_id: Number(row.skill_id),
    user_id: Number(row.user_id),
    total_experience: Number(row.total_experience),
    prerequisites: required.map(({ skill_id, level }) => ({ skill_id, level })),
    missing: required.filter((other) => standingAt(other.total_experience).level < other.level).map(({ skill_id, level }) => ({ skill_id, level })),
  }));
}
