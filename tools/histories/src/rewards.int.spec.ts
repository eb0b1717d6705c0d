import { describe, expect, it } from '@jest/globals';
import type { Database } from '@lifeos/postgres';
import { achievements } from '../../../apps/achievements/src/achievements.module.js';
import { dashboard } from '../../../apps/dashboard/src/dashboard.module.js';
import { stats } from '../../../apps/stats/src/stats.module.js';
import { chains, raisedIn } from './outcome.js';
import { playTwice } from './proof.js';

/** For a machine that does much else: a part of a minute is usual. */
const patience = 600_000;

describe('dashboard, in whatever order topics come', () => {
  it('D-2, D-4, D-6: books each award once, reaches the same level, and notifies once', async () => {
    const found = await playTwice({
      service: dashboard,
      commands: ['UserRegistered', 'UserProfileUpdated'],
      columns: { 'notices.notice_id': 'numbered as they come' },
      rows: { notices: [`kind <> 'level_up'`, 'one for each E-4, see levels'] },
      events: { LevelUp: 'D-4: which award passes a threshold, and how many at once, follows from the order; that none is passed twice or left out does not' },
      promises: async (database) => {
        const levels = (await raisedIn(database)).filter(({ name }) => name === 'LevelUp');
        const { rows } = await database.query<{ id: string }>(`SELECT event_id AS id FROM notices WHERE kind = 'level_up'`);
        const unheard = new Set(levels.map(({ shown }) => shown.id));
        for (const { id } of rows) if (!unheard.delete(id)) throw new Error(`The notice of ${id} tells of no level-up.`);
        return {
          levels: chains(levels.map(({ user, shown }) => ({ of: user, from: shown.previous_level, to: shown.new_level }))),
          'levels without a notice': [...unheard].map(String),
        };
      },
    });
    expect(found.differences).toEqual([]);
    expect(found.histories).toBeGreaterThanOrEqual(500);
    expect(found.shortest).toBeGreaterThanOrEqual(50);
    expect(found.rows).toMatchObject({ users: 500, 'levels without a notice': 0 });
    for (const table of ['experience_ledger', 'notices', 'levels', 'derived_facts']) expect(found.rows[table]).toBeGreaterThan(400);
  }, patience);
});

describe('achievements, in whatever order topics come', () => {
  it('A-5, A-6, A-12: unlocks achievements, titles and badges once, for the same reasons and with the same progress', async () => {
    const found = await playTwice({ service: achievements });
    expect(found.differences).toEqual([]);
    expect(found.histories).toBeGreaterThanOrEqual(500);
    expect(found.shortest).toBeGreaterThanOrEqual(50);
    for (const table of ['unlocked_achievements', 'unlocked_titles', 'earned_badges', 'savings_goals']) expect(found.rows[table]).toBeGreaterThan(400);
  }, patience);
});

/** Whoever lives in UTC now never lived elsewhere in these histories. */
const inUtc = `user_id IN (SELECT user_id FROM time_zones WHERE time_zone = 'UTC')`;

async function promises(database: Database): Promise<Record<string, string[]>> {
  const raised = await raisedIn(database);
  const { rows } = await database.query<{ user_id: string }>(`SELECT user_id FROM time_zones WHERE ${inUtc}`);
  const utc = new Set(rows.map(({ user_id }) => user_id));
  const life = raised.filter(({ name }) => name === 'LifeStatUpdated');
  return {
    'core values': chains(raised.filter(({ name }) => name === 'CoreStatUpdated').map(({ user, shown }) => ({ of: `${user} ${String(shown.stat_name)}`, from: shown.previous_value, to: shown.new_value }))),
    'life values': chains(life.map(({ user, shown }) => ({ of: `${user} ${String(shown.subcategory)}`, from: shown.previous_value, to: shown.new_value }))),
    'days of life stats in UTC': life.filter(({ user }) => utc.has(user)).map(({ shown }) => JSON.stringify(shown)),
  };
}

describe('stats, in whatever order topics come', () => {
  it('S-4, S-6, S-13, S-16: gives the same points, tells of each milestone once and takes each reading once', async () => {
    const pools = 'S-4: which award fills a pool, and how many points at once, follows from the order; that no point is given twice or left out does not';
    const found = await playTwice({
      service: stats,
      columns: { 'stat_history.history_id': 'numbered as they come' },
      rows: { stat_history: [`stat_type <> 'core' AND (stat_type <> 'life' OR ${inUtc})`, `${pools}; S-15: as for E-6`] },
      events: {
        CoreStatUpdated: pools,
        LifeStatUpdated: 'S-15: where a day ends hangs on the time zone, which another topic tells; equal for those who never left UTC',
      },
      fields: { 'StatMilestoneReached.time': pools },
      promises,
    });
    expect(found.differences).toEqual([]);
    expect(found.histories).toBeGreaterThanOrEqual(500);
    expect(found.shortest).toBeGreaterThanOrEqual(50);
    for (const table of ['core values', 'life values', 'milestones', 'external_points']) expect(found.rows[table]).toBeGreaterThan(200);
    expect(found.rows['days of life stats in UTC']).toBeGreaterThan(50);
  }, patience);
});
