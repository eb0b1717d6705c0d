/** A rule between fields, which a field's own attributes cannot say. Binds the producer only. */
export interface CrossFieldRule {
  /** Checked when these are right each by itself; the first is the one that the fault names. */
  readonly fields: readonly string[];
  readonly holds: (payload: Readonly<Record<string, unknown>>) => boolean;
  readonly message: string;
}

const greater = (field: string, than: string): CrossFieldRule => ({
  fields: [field, than],
  holds: (payload) => Number(payload[field]) > Number(payload[than]),
  message: `must be greater than ${than}`,
});

const differs = (field: string, from: string): CrossFieldRule => ({
  fields: [field, from],
  holds: (payload) => payload[field] !== payload[from],
  message: `must differ from ${from}`,
});

const fits = (field: string, to: string, table: Readonly<Record<string, readonly unknown[]>>): CrossFieldRule => ({
  fields: [field, to],
  holds: (payload) => table[String(payload[to])]?.includes(payload[field]) ?? true,
  message: `must fit ${to}: ${Object.entries(table).map(([key, values]) => `${key}: ${values.join(', ')}`).join('; ')}`,
});

const keysOf = (value: unknown): string => JSON.stringify(Object.keys(Object(value)).sort());

const coreStats = ['strength', 'endurance', 'agility', 'intelligence', 'wisdom', 'charisma'];
const lifeStats = {
  health: ['physical', 'mental_emotional', 'food_nutrients', 'other'],
  wealth: ['work_company', 'finance_savings_investments', 'personal_growth_reading'],
  relationships: ['family', 'friendships', 'romance', 'social_skills', 'adventure_exploration'],
};
const lifeStatNames = Object.entries(lifeStats).flatMap(([category, names]) => names.map((name) => `${category}.${name}`));

/** By record name; a later major has rules of its own. */
export const crossFieldRules: Readonly<Record<string, readonly CrossFieldRule[]>> = {
  'lifeos.dashboard.v1.UserProfileUpdated': [
    {
      fields: ['previous_values', 'updated_fields'],
      holds: (payload) => keysOf(payload.previous_values) === keysOf(payload.updated_fields),
      message: 'must have the same keys as updated_fields',
    },
  ],
  'lifeos.dashboard.v1.LevelUp': [greater('new_level', 'previous_level')],
  'lifeos.dashboard.v1.UserDeletionRequested': [greater('due_by', 'requested_at')],
  'lifeos.stats.v1.CoreStatUpdated': [differs('new_value', 'previous_value')],
  'lifeos.stats.v1.LifeStatUpdated': [fits('subcategory', 'category', lifeStats)],
  'lifeos.stats.v1.StatMilestoneReached': [
    fits('stat_name', 'stat_type', { core: coreStats, life: lifeStatNames }),
    fits('milestone_type', 'stat_type', { core: ['level'], life: ['target_percent', 'goal'] }),
  ],
  'lifeos.quests.v1.HabitStreakAchieved': [
    fits('streak_type', 'streak_count', { 7: ['week'], 21: ['habit_formation'], 30: ['month'], 50: ['dedication'], 100: ['mastery'], 365: ['year'] }),
  ],
  'lifeos.quests.v1.QuestStatusChanged': [differs('new_status', 'previous_status')],
  'lifeos.skills.v1.SkillLevelUp': [greater('new_level', 'previous_level')],
  'lifeos.achievements.v1.AchievementProgressUpdated': [
    {
      fields: ['current_progress', 'required_progress'],
      holds: (payload) => Number(payload.current_progress) <= Number(payload.required_progress),
      message: 'must not be greater than required_progress',
    },
  ],
  'lifeos.journal.v1.JournalEntryUpdated': [
    {
      fields: ['updated_fields'],
      holds: (payload) => [undefined, true].includes((payload.updated_fields as { content?: true }).content),
      message: 'must not hold the text: content is true or left out',
    },
  ],
  'lifeos.analytics.v1.PredictionGenerated': [
    {
      fields: ['confidence_interval'],
      holds: (payload) => {
        const [low, high] = payload.confidence_interval as [number, number];
        return low <= high;
      },
      message: 'must name the lower bound first',
    },
  ],
};
