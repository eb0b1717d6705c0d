import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AchievementProgressUpdated, AchievementUnlocked, CoreStatUpdated, QuestChanged, QuestCompleted, QuestCreated, QuestFailed, QuestStatusChanged, ReflectionPromptSuggested } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { ActiveQuests, activeQuestsOf } from './active-quests.js';
import { CoreStatsSnapshot, coreStatsOf } from './core-stats.js';
import { LatestAchievements, latestAchievementsOf } from './latest-achievements.js';
import { ProgressBars, progressBarsOf } from './progress-bars.js';
import { Prompts, promptsOf } from './prompts.js';

const minute = (n: number) => new Date(Date.UTC(2026, 10, 21, 12, n));
let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

/** Any method of a read model, called with one batch. */
const feed = <E extends EventEnvelope>(handle: (events: readonly E[], context: HandlerContext) => Promise<void>, ...events: E[]) => bench.handle({ handle }, ...events);

describe('D-7: active quests', () => {
  const model = new ActiveQuests();
  let quest = 0;
  const created = (user_id: number, quest_id: number, over: object = {}, at = minute(0)) =>
    eventOf(QuestCreated, { user_id, quest_id, quest_type: 'side', title: `Quest ${quest_id}`, difficulty: 'easy', experience_reward: 10, ...over }, at);
  const completed = (user_id: number, quest_id: number, at: Date) =>
    eventOf(QuestCompleted, { user_id, quest_id, quest_type: 'side', experience_reward: 10, completion_timestamp: at, auto_completed: false }, at);
  const failed = (user_id: number, quest_id: number, at: Date) => eventOf(QuestFailed, { user_id, quest_id, quest_type: 'side', failure_reason: 'timeout', failure_timestamp: at }, at);
  const moved = (user_id: number, quest_id: number, new_status: 'active' | 'paused', at: Date) =>
    eventOf(QuestStatusChanged, { user_id, quest_id, previous_status: new_status === 'active' ? 'failed' : 'active', new_status, changed_at: at }, at);
  const changed = (user_id: number, quest_id: number, over: object) =>
    eventOf(QuestChanged, { user_id, quest_id, title: 'New title', due_date: null, auto_completion_rules: [], deleted: false, ...over }, minute(5));
  const titles = async (user: number) => (await activeQuestsOf(bench.database, user)).map(({ title }) => title);

  it('lists what is active, soonest due first, and not drafts', async () => {
    const [user, a, b, c] = [++person, ++quest, ++quest, ++quest];
    await feed(model.created.bind(model), created(user, a), created(user, b, { due_date: '2026-12-01' }), created(user, c, { status: 'draft' }));
    expect(await activeQuestsOf(bench.database, user)).toEqual([
      { quest_id: b, title: `Quest ${b}`, quest_type: 'side', difficulty: 'easy', due_date: '2026-12-01' },
      { quest_id: a, title: `Quest ${a}`, quest_type: 'side', difficulty: 'easy', due_date: null },
    ]);
  });

  it('follows completion, failure, retry, pause and deletion', async () => {
    const [user, a, b] = [++person, ++quest, ++quest];
    await feed(model.created.bind(model), created(user, a), created(user, b));
    await feed(model.failed.bind(model), failed(user, a, minute(1)));
    expect(await titles(user)).toEqual([`Quest ${b}`]);
    await feed(model.statusChanged.bind(model), moved(user, a, 'active', minute(2)), moved(user, b, 'paused', minute(2)));
    expect(await titles(user)).toEqual([`Quest ${a}`]);
    await feed(model.changed.bind(model), changed(user, a, { title: 'First' }), changed(user, a, { title: 'Second' }));
    expect(await titles(user)).toEqual(['Second']);
    await feed(model.changed.bind(model), changed(user, a, { deleted: true }));
    expect(await titles(user)).toEqual([]);
  });

  it('comes to the same whatever arrives first', async () => {
    const [user, a, b] = [++person, ++quest, ++quest];
    await feed(model.completed.bind(model), completed(user, a, minute(3)));
    await feed(model.changed.bind(model), changed(user, b, { title: 'Renamed', due_date: '2026-12-24' }));
    await feed(model.created.bind(model), created(user, a), created(user, b));
    await feed(model.statusChanged.bind(model), moved(user, a, 'active', minute(2)));
    expect(await activeQuestsOf(bench.database, user)).toMatchObject([{ quest_id: b, title: 'Renamed', due_date: '2026-12-24', difficulty: 'easy' }]);
  });
});

describe('D-7: core stats', () => {
  it('S-1: start at 10 and take the newest value of each', async () => {
    const user = ++person;
    const model = new CoreStatsSnapshot();
    const stat = (stat_name: 'wisdom' | 'agility', new_value: number) => eventOf(CoreStatUpdated, { user_id: user, stat_name, previous_value: new_value - 1, new_value, source: 'quest' });
    expect(await coreStatsOf(bench.database, user)).toEqual({ strength: 10, endurance: 10, agility: 10, intelligence: 10, wisdom: 10, charisma: 10 });
    await feed(model.updated.bind(model), stat('wisdom', 11), stat('wisdom', 12), stat('agility', 11));
    await feed(model.updated.bind(model), stat('wisdom', 13));
    expect(await coreStatsOf(bench.database, user)).toMatchObject({ wisdom: 13, agility: 11, strength: 10 });
  });
});

describe('D-7: achievements and progress', () => {
  const unlocked = (user_id: number, achievement_id: number) =>
    eventOf(AchievementUnlocked, { user_id, achievement_id, achievement_name: `A${achievement_id}`, tier: 'gold', experience_reward: 1, unlock_timestamp: minute(achievement_id) });
  const progress = (user_id: number, achievement_id: number, current_progress: number) =>
    eventOf(AchievementProgressUpdated, { user_id, achievement_id, current_progress, required_progress: 10, progress_percentage: current_progress * 10, achievement_name: `A${achievement_id}` });

  it('shows the last five achievements', async () => {
    const user = ++person;
    const model = new LatestAchievements();
    await feed(model.unlocked.bind(model), ...[1, 2, 3, 4, 5, 6].map((id) => unlocked(user, id)));
    expect((await latestAchievementsOf(bench.database, user)).map(({ name }) => name)).toEqual(['A6', 'A5', 'A4', 'A3', 'A2']);
  });

  it('shows bars of what is not unlocked, nearest first', async () => {
    const user = ++person;
    const [bars, achievements] = [new ProgressBars(), new LatestAchievements()];
    await feed(bars.updated.bind(bars), progress(user, 1, 2), progress(user, 1, 3), progress(user, 2, 9), progress(user, 3, 9), progress(user, 4, 10));
    await feed(achievements.unlocked.bind(achievements), unlocked(user, 3));
    expect(await progressBarsOf(bench.database, user)).toEqual([
      { achievement_id: 2, name: 'A2', current_progress: 9, required_progress: 10, percentage: 90 },
      { achievement_id: 1, name: 'A1', current_progress: 3, required_progress: 10, percentage: 30 },
    ]);
  });
});

describe('D-7: prompts', () => {
  it('shows the newest five, each once', async () => {
    const user = ++person;
    const model = new Prompts();
    const prompt = (prompt_id: number) =>
      eventOf(ReflectionPromptSuggested, { user_id: user, prompt_id, prompt_text: `Why ${prompt_id}?`, prompt_category: 'quest', trigger_event: 'QuestCompleted' }, minute(prompt_id));
    await feed(model.suggested.bind(model), prompt(1), prompt(2), prompt(3));
    await feed(model.suggested.bind(model), prompt(3), prompt(4), prompt(5), prompt(6));
    expect((await promptsOf(bench.database, user)).map(({ prompt_id }) => prompt_id)).toEqual([6, 5, 4, 3, 2]);
  });
});
