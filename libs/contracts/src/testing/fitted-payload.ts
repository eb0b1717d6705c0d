type Payload = Record<string, unknown>;

const number = (value: unknown): number => Number(value);
const rising = (low: string, high: string) => (payload: Payload): Payload => {
  const [first = 0, second = 0] = [number(payload[low]), number(payload[high])].sort((a, b) => a - b);
  return { ...payload, [low]: first === second ? first - 1 : first, [high]: second };
};

const subcategories: Readonly<Record<string, string>> = { health: 'physical', wealth: 'work_company', relationships: 'romance' };
const streaks: Readonly<Record<string, string>> = { 7: 'week', 21: 'habit_formation', 30: 'month', 50: 'dedication', 100: 'mastery', 365: 'year' };

/** What makes fields that are right each by itself fit each other. Written apart from the rules it has to satisfy. */
const fittings: Readonly<Record<string, (payload: Payload) => Payload>> = {
  'lifeos.dashboard.v1.UserProfileUpdated': (payload) => ({
    ...payload,
    previous_values: Object.fromEntries(Object.keys(Object(payload.updated_fields)).map((key) => [key, null])),
  }),
  'lifeos.dashboard.v1.LevelUp': (payload) => ({ ...payload, previous_level: 1 }),
  'lifeos.dashboard.v1.UserDeletionRequested': (payload) => {
    const at = (payload.requested_at as Date).getTime();
    const [requested_at, due_by] = at > 0 ? [at - 1, at] : [at, at + 1];
    return { ...payload, requested_at: new Date(requested_at), due_by: new Date(due_by) };
  },
  'lifeos.stats.v1.CoreStatUpdated': (payload) => (payload.new_value === payload.previous_value ? { ...payload, ...(payload.new_value === 1 ? { new_value: 2 } : { new_value: 1 }) } : payload),
  'lifeos.stats.v1.LifeStatUpdated': (payload) => ({ ...payload, subcategory: subcategories[String(payload.category)] }),
  'lifeos.stats.v1.StatMilestoneReached': (payload) =>
    String(payload.stat_name).includes('.') ? { ...payload, stat_type: 'life', milestone_type: 'goal' } : { ...payload, stat_type: 'core', milestone_type: 'level' },
  'lifeos.quests.v1.HabitStreakAchieved': (payload) => ({ ...payload, streak_type: streaks[String(payload.streak_count)] }),
  'lifeos.quests.v1.QuestStatusChanged': (payload) => (payload.new_status === payload.previous_status ? { ...payload, previous_status: 'failed' } : payload),
  'lifeos.skills.v1.SkillLevelUp': (payload) => (payload.new_level === 1 ? { ...payload, previous_level: 1, new_level: 2 } : rising('previous_level', 'new_level')(payload)),
  'lifeos.achievements.v1.AchievementProgressUpdated': (payload) => ({
    ...payload,
    current_progress: Math.min(number(payload.current_progress), number(payload.required_progress)),
  }),
  'lifeos.journal.v1.JournalEntryUpdated': (payload) => ({ ...payload, updated_fields: { ...Object(payload.updated_fields), content: true } }),
  'lifeos.analytics.v1.PredictionGenerated': (payload) => ({ ...payload, confidence_interval: [...(payload.confidence_interval as number[])].sort((a, b) => a - b) }),
};

export const fitted = (recordName: string, payload: Payload): Payload => fittings[recordName]?.(payload) ?? payload;
