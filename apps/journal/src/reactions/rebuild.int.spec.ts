import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BatchReaction, eventOf, grantConsents, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import {
  InsightGenerated, JournalEntryCreated, JournalEntryDeleted, JournalEntryUpdated, LevelUp, PatternDetected, ReflectionPromptSuggested, TrendDetected,
} from '@lifeos/contracts';
import type { EventEnvelope } from '@lifeos/events';
import { storedConsents } from '@lifeos/service';
import { insertEntry, loadEntry } from '../entry/entry-store.js';
import { insightsOf, patternsAround, patternsOf } from '../read-models/findings.js';
import { drawIds } from '../read-models/own-ids.js';
import { promptsOf } from '../read-models/prompts.js';
import { historiesOf } from '../read-models/series-points.js';
import { GiveInsightWhenTrendDetected } from './give-insight-when-trend-detected.js';
import { RestoreEntryWhenJournalEntryTold } from './restore-entry-when-journal-entry-told.js';
import { RestoreInsightWhenInsightGenerated } from './restore-insight-when-insight-generated.js';
import { RestorePatternWhenPatternDetected } from './restore-pattern-when-pattern-detected.js';
import { RestorePromptWhenReflectionPromptSuggested } from './restore-prompt-when-reflection-prompt-suggested.js';
import { SuggestPromptWhenLevelUp } from './suggest-prompt-when-level-up.js';
import { SuggestPromptWhenMoodIsLow } from './suggest-prompt-when-mood-is-low.js';

const noon = new Date('2026-11-21T12:00:00Z');
const page = { limit: 50, offset: 0 };
const levelUp = (user_id: number, new_level: number) => eventOf(LevelUp, { user_id, previous_level: new_level - 1, new_level, total_experience: 1000 });
const trend = (user_id: number) => eventOf(TrendDetected, { user_id, stat_name: 'strength', trend_type: 'increasing', confidence_score: 0.9, duration_days: 30 });
const written = (user_id: number, entry_id: number, mood_rating: number | null) =>
  eventOf(JournalEntryCreated, { user_id, entry_id, entry_type: 'daily', title: 'Rain', word_count: 12, mood_rating, tags: ['home', 'a,b'] });
const changed = (user_id: number, entry_id: number, updated_fields: Record<string, unknown>) =>
  eventOf(JournalEntryUpdated, { user_id, entry_id, updated_fields, update_timestamp: new Date('2026-11-22T12:00:00Z') });
const deleted = (user_id: number, entry_id: number) => eventOf(JournalEntryDeleted, { user_id, entry_id });

const whenLevelUp = new SuggestPromptWhenLevelUp();
const whenMoodLow = new SuggestPromptWhenMoodIsLow();
const whenTrend = new GiveInsightWhenTrendDetected(storedConsents);
const whenEntryTold = new RestoreEntryWhenJournalEntryTold();
const whenPromptTold = new RestorePromptWhenReflectionPromptSuggested();
const whenInsightTold = new RestoreInsightWhenInsightGenerated(storedConsents);
const whenPatternTold = new RestorePatternWhenPatternDetected(storedConsents);

let bench: ReactionBench;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

/** What an empty database knows after its own topic was read: the log alone, and consents, which are read first. */
const loseAllButLog = async (): Promise<void> => {
  await bench.database.query('TRUNCATE prompts, prompt_days, entries, quest_titles, series_points, patterns, insights, time_zones, inbox, consumer_positions');
  for (const sequence of ['prompt_ids', 'entry_ids', 'pattern_ids', 'insight_ids']) await bench.database.query(`ALTER SEQUENCE ${sequence} RESTART`);
};
const logged = async (): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { eventId } of bench.eventLog.readAll()) ids.push(eventId);
  return ids;
};
const ownEvents = async (name: string): Promise<EventEnvelope[]> => {
  const own: EventEnvelope[] = [];
  for await (const event of bench.eventLog.readAll()) if (event.type.name === name) own.push({ ...event, source: 'journal' });
  return own;
};
const readBack = async (reaction: BatchReaction<never>, name: string): Promise<void> => {
  const events = await ownEvents(name);
  for (const event of events) await bench.handle(reaction as BatchReaction<EventEnvelope>, event);
};
const nextId = (sequence: 'prompt_ids' | 'entry_ids' | 'pattern_ids' | 'insight_ids') => bench.database.transaction({ keys: ['1'] }, async (tx) => (await drawIds(tx, sequence, 1))[0]);

describe('a rebuilt service', () => {
  it.each(['own topic first', 'own topic last'])('gives the prompts it gave, under their ids, and no other: %s', async (order) => {
    await loseAllButLog();
    const [one, two] = order === 'own topic first' ? [101, 102] : [103, 104];
    const causes = [levelUp(one, 2), levelUp(two, 2), levelUp(one, 3), levelUp(one, 4), levelUp(one, 5)];
    const low = [written(two, two, 3)];
    await bench.handle(whenLevelUp, ...causes);
    await bench.handle(whenMoodLow, ...low);
    const [before, told] = [[await promptsOf(bench.database, one, 50), await promptsOf(bench.database, two, 50)], await logged()];
    expect(before.map((prompts) => prompts.length)).toEqual([3, 2]);

    await loseAllButLog();
    const steps = [
      () => readBack(whenPromptTold, ReflectionPromptSuggested.name),
      () => bench.handle(whenMoodLow, ...low),
      () => bench.handle(whenLevelUp, ...causes),
    ];
    for (const step of order === 'own topic first' ? steps : steps.toReversed()) await step();
    expect([await promptsOf(bench.database, one, 50), await promptsOf(bench.database, two, 50)]).toEqual(before);
    expect(await logged()).toEqual(told);
    const given = (await ownEvents(ReflectionPromptSuggested.name)).map(({ payload }) => Number(Reflect.get(payload, 'prompt_id')));
    expect(await nextId('prompt_ids')).toBe(Math.max(...given) + 1);
  });

  it.each(['own topic first', 'own topic last'])('gives the insights it gave, under their ids, and no other: %s', async (order) => {
    await loseAllButLog();
    const user = order === 'own topic first' ? 111 : 112;
    await grantConsents(bench.database, user, ['ai_insights']);
    const causes = [trend(user), trend(user)];
    await bench.handle(whenTrend, ...causes);
    const [before, told] = [await insightsOf(bench.database, user, page), await logged()];
    expect(before).toHaveLength(2);

    await loseAllButLog();
    const steps = [() => readBack(whenInsightTold, InsightGenerated.name), () => bench.handle(whenTrend, ...causes)];
    for (const step of order === 'own topic first' ? steps : steps.toReversed()) await step();
    expect(await insightsOf(bench.database, user, page)).toEqual(before);
    expect(await logged()).toEqual(told);
    expect(await nextId('insight_ids')).toBeGreaterThan(Math.max(...before.map(({ insight_id }) => insight_id)));
  });

  it('J-4: knows the patterns it told, so that none is told again within 7 days', async () => {
    const user = 121;
    await grantConsents(bench.database, user, ['ai_insights']);
    const at = new Date('2026-11-22T13:00:00Z');
    const pattern = eventOf(PatternDetected, {
      user_id: user, pattern_id: 77, pattern_type: 'correlation', description: 'Seen.', confidence_score: 0.6, detection_timestamp: at, related_series: ['mood', 'words'],
    });
    await bench.handle(whenPatternTold, pattern);
    expect(await patternsOf(bench.database, user, page)).toEqual([
      { pattern_id: 77, pattern_type: 'correlation', description: 'Seen.', confidence_score: 0.6, related_series: ['mood', 'words'], detection_timestamp: at },
    ]);
    // It rests on the 21st, the day that was over then.
    const around = async (day: string) => (await patternsAround(bench.database, [user], day)).length;
    expect([await around('2026-11-14'), await around('2026-11-15'), await around('2026-11-27'), await around('2026-11-28')]).toEqual([0, 1, 1, 0]);
    expect(await nextId('pattern_ids')).toBe(78);
  });

  it('gives no id twice, also before it has read its own topic and of people who consent no longer', async () => {
    const [one, two] = [151, 152];
    for (const user of [one, two]) await grantConsents(bench.database, user, ['ai_insights']);
    await bench.handle(whenTrend, trend(one), trend(two));
    await bench.handle(whenLevelUp, levelUp(one, 2), levelUp(two, 3));
    const highest = async (name: string, field: string) => Math.max(...(await ownEvents(name)).map(({ payload }) => Number(Reflect.get(payload, field))));
    await bench.database.query('UPDATE event_log SET epoch = 0');
    await loseAllButLog();
    expect(await Promise.all([nextId('insight_ids'), nextId('insight_ids')])).toContain((await highest(InsightGenerated.name, 'insight_id')) + 1);
    expect(await nextId('prompt_ids')).toBe((await highest(ReflectionPromptSuggested.name, 'prompt_id')) + 1);
    expect(await nextId('entry_ids')).toBe(1);
  });

  it('V-6: makes no insight of what was without consent in its earlier life, and of what is new it does', async () => {
    const user = 161;
    const [unheard, heard] = [trend(user), { ...trend(user), timestamp: new Date('2026-11-22T12:00:00Z') }];
    await bench.handle(whenTrend, unheard);
    await grantConsents(bench.database, user, ['ai_insights']);
    await bench.handle(whenTrend, heard);
    await bench.database.query('UPDATE event_log SET epoch = 0');
    await loseAllButLog();
    const told = await logged();
    await bench.handle(whenTrend, unheard, heard);
    expect(await logged()).toEqual(told);
    expect(await bench.handle(whenTrend, { ...trend(user), timestamp: new Date('2026-11-22T12:00:01Z') })).toHaveLength(1);
  });

  it('has all of its entries but the text, mood and words series included', async () => {
    const user = 131;
    await bench.handle(whenEntryTold, written(user, 501, 4), written(user, 502, null), written(user, 503, 9), changed(user, 501, { mood_rating: 6, tags: ['out'], related_quest_id: 3 }), deleted(user, 503));
    await bench.handle(whenEntryTold, changed(user, 501, { title: 'Sun', content: true, mood_rating: 7 }), changed(user, 503, { title: 'Back' }));
    expect(await loadEntry(bench.database, 501)).toEqual({
      entry_id: 501, user_id: user, entry_type: 'daily', title: 'Sun', content: null, word_count: 12, mood: 7, tags: ['out'],
      related_quest_id: 3, related_quest_title: null, related_achievement_id: null, created_at: noon, updated_at: new Date('2026-11-22T12:00:00Z'),
    });
    expect(await loadEntry(bench.database, 502)).toMatchObject({ mood: null, tags: ['home', 'a,b'] });
    expect(await loadEntry(bench.database, 503)).toBeNull();
    const history = (await historiesOf(bench.database, [user], { from: new Date('2026-11-01'), to: new Date('2026-12-01') })).get(user);
    expect(history?.samples).toEqual([
      { series: 'words', at: noon, value: 12 }, { series: 'mood', at: noon, value: 7 }, { series: 'words', at: noon, value: 12 },
    ]);
    expect(await nextId('entry_ids')).toBe(504);
  });
});

describe('in everyday running', () => {
  it('own events find everything there and change nothing, however late they come', async () => {
    const user = 141;
    const wish = { user_id: user, entry_type: 'daily' as const, title: 'Now', content: 'Two words', mood: 8, tags: [], related_quest_id: null, related_achievement_id: null };
    const id = await bench.database.transaction({ keys: [String(user)] }, (tx) => insertEntry(tx, wish, noon));
    const before = await loadEntry(bench.database, id);
    await bench.handle(whenEntryTold, written(user, id, 1), changed(user, id, { title: 'Earlier', mood_rating: 2 }));
    expect(await loadEntry(bench.database, id)).toEqual(before);
  });

  it('V-9: an insight whose consent ended meanwhile does not come back', async () => {
    const user = 142;
    const told = eventOf(InsightGenerated, { user_id: user, insight_id: 900, insight_type: 'trend', content: 'x', confidence_score: 0.9, source_entries: [], related_series: [] });
    await bench.handle(whenInsightTold, told);
    expect(await insightsOf(bench.database, user, page)).toEqual([]);
    expect(await nextId('insight_ids')).toBe(901);
  });
});
