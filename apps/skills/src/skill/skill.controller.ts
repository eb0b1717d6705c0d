import { SkillLevelUp, SkillMasteryAchieved, SkillPracticed } from '@lifeos/contracts';
import type { Database, Queryable } from '@lifeos/postgres';
import { Caller, CLOCK, type Clock, Commands, DATABASE, Forbidden, Invalid, mayActFor, pageFields, pathId, type Principal, valid } from '@lifeos/service';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { addMissingCategories, categoriesOf, type CategoryView } from '../read-models/categories.js';
import { type SkillView, viewOf } from '../read-models/skill-view.js';
import { SkillNotFound } from './errors.js';
import { type NewSkill, newSkillBody, practiceBody, type SkillChange, skillChangeBody } from './requests.js';
import { categories, practise } from './skill.js';
import { deleteSkill, insertSkill, loadSkill, saveChange, savePractice, skillsOf, type StoredSkill } from './skill-store.js';

const person = z.object({ user_id: pathId });
const oneSkill = z.object({ skill_id: pathId });
const page = z.object(pageFields);

type SkillPath = z.infer<typeof oneSkill>;

/** A skill after a practice, and what the practice brought. */
export interface PracticeAnswer extends SkillView {
  readonly experience_gained: number;
  readonly levels_gained: number;
  /** 0 … 1. */
  readonly efficiency: number;
}

@Controller('skills')
export class SkillController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly commands: Commands,
  ) {}

  /** */
  @Get('categories')
  categories(): { categories: readonly string[] } {
    return { categories };
  }

  /** R-13, K-9: oldest first. */
  @Get(':user_id')
  async list(
    @Param(valid(person)) { user_id }: z.infer<typeof person>,
    @Query(valid(page)) part: z.infer<typeof page>,
  ): Promise<{ categories: CategoryView[]; skills: SkillView[] }> {
    await addMissingCategories(this.database, [user_id]);
    const skills = await skillsOf(this.database, user_id, part);
    return { categories: await categoriesOf(this.database, user_id), skills: skills.map(viewOf) };
  }

  /** */
  @Post()
  async create(@Body(valid(newSkillBody)) wish: NewSkill): Promise<SkillView> {
    const id = await this.commands.execute({ keys: [wish.user_id] }, async (tx) => {
      await refuseForeignPrerequisites(tx, wish);
      return insertSkill(tx, wish, this.clock.now());
    });
    return viewOf(await existing(this.database, id));
  }

  /** R-14, K-5: tells of the practice, then of a level and a band reached. */
  @Post(':skill_id/practice')
  @HttpCode(200)
  async practice(
    @Param(valid(oneSkill)) { skill_id }: SkillPath,
    @Body(valid(practiceBody)) { minutes }: z.infer<typeof practiceBody>,
    @Caller() caller: Principal,
  ): Promise<PracticeAnswer> {
    const { user_id } = await this.own(skill_id, caller);
    const at = this.clock.now();
    return this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const skill = await existing(tx, skill_id);
      const { name: skill_name, category } = skill;
      const outcome = practise(skill, { minutes, at });
      const { before, after, gained, total_experience, total_minutes, mastery, efficiency } = outcome;
      await savePractice(tx, skill_id, outcome, at);
      const about = { user_id, skill_id, skill_name };
      raise(SkillPracticed, { ...about, category, practice_duration: minutes, experience_gained: gained, practice_timestamp: at }, at);
      const levels_gained = after.level - before.level;
      if (levels_gained > 0) raise(SkillLevelUp, { ...about, category, previous_level: before.level, new_level: after.level, total_experience }, at);
      if (mastery) raise(SkillMasteryAchieved, { ...about, mastery_level: mastery, total_practice_time: total_minutes, mastery_timestamp: at }, at);
      const now = { ...skill, total_experience, total_minutes, last_practiced: at };
      return { ...viewOf(now), experience_gained: gained, levels_gained, efficiency };
    });
  }

  /** */
  @Patch(':skill_id')
  async change(@Param(valid(oneSkill)) { skill_id }: SkillPath, @Body(valid(skillChangeBody)) change: SkillChange, @Caller() caller: Principal): Promise<SkillView> {
    const { user_id } = await this.own(skill_id, caller);
    await this.commands.execute({ keys: [user_id] }, (tx) => saveChange(tx, skill_id, change));
    return viewOf(await existing(this.database, skill_id));
  }

  /** what others required of it is required no more. */
  @Delete(':skill_id')
  @HttpCode(204)
  async remove(@Param(valid(oneSkill)) { skill_id }: SkillPath, @Caller() caller: Principal): Promise<void> {
    const { user_id } = await this.own(skill_id, caller);
    await this.commands.execute({ keys: [user_id] }, (tx) => deleteSkill(tx, skill_id, this.clock.now()));
  }

  private async own(skillId: number, caller: Principal): Promise<StoredSkill> {
    const skill = await existing(this.database, skillId);
    if (!mayActFor(caller, skill.user_id)) throw new Forbidden(`Skill ${skillId} belongs to another user.`);
    return skill;
  }
}

async function existing(db: Queryable, skillId: number): Promise<StoredSkill> {
  const skill = await loadSkill(db, skillId);
  if (!skill) throw new SkillNotFound(skillId);
  return skill;
}

async function refuseForeignPrerequisites(tx: Queryable, { user_id, prerequisites }: NewSkill): Promise<void> {
  const { rows } = await tx.query<{ skill_id: string }>('SELECT skill_id FROM skills WHERE user_id = $1 AND skill_id = ANY ($2::bigint[]) AND deleted_at IS NULL', [
    user_id, prerequisites.map(({ skill_id }) => skill_id),
  ]);
  const known = new Set(rows.map(({ skill_id }) => Number(skill_id)));
  const faults = prerequisites.flatMap(({ skill_id }, index) =>
    known.has(skill_id) ? [] : [{ field: `prerequisites.${index}.skill_id`, message: `names no skill of user ${user_id}: ${skill_id}` }],
  );
  if (faults.length > 0) throw new Invalid('The skill requires others that are not there.', faults);
}
