import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, grantConsents, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { SkillPracticed, UserRegistered } from '@lifeos/contracts';
import { storedConsents, type ConsentPurpose, type JobContext } from '@lifeos/service';
import { categoriesOf } from '../read-models/categories.js';
import { lastRecommended, saveRecommendation } from '../read-models/recommendations.js';
import { DropRecommendationsWhenConsentEnds } from '../recommendation/drop-recommendations-when-consent-ends.js';
import { RecommendSkills } from '../recommendation/recommend-skills.js';
import { RecommendationController } from '../recommendation/recommendation.controller.js';
import { insertSkill } from '../skill/skill-store.js';
import { ReserveSkillIdWhenSkillPracticed } from './reserve-skill-id-when-skill-practiced.js';
import { ShowCategoriesWhenUserRegistered } from './show-categories-when-user-registered.js';

let bench: ReactionBench;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const registered = (user_id: number) => eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: new Date('2026-11-21T12:00:00Z') });

describe('K-9: E-1', () => {
  it('shows the three empty categories, also when it comes twice', async () => {
    await bench.handle(new ShowCategoriesWhenUserRegistered(), registered(1), registered(2), registered(1));
    expect((await categoriesOf(bench.database, 1)).map(({ category, skills }) => [category, skills])).toEqual([['health', 0], ['wealth', 0], ['social', 0]]);
    expect(await categoriesOf(bench.database, 3)).toEqual([]);
  });
});

describe('K-8: the daily recommendation', () => {
  const now = new Date('2026-11-21T12:00:00Z');

  it('is told to who consented, and again only when it differs', async () => {
    const job = new RecommendSkills(storedConsents);
    const told: unknown[] = [];
    const raise: JobContext['raise'] = (type, input) => (told.push([type.name, type.build(input)]), 'id');
    const skillOf = (user_id: number) => bench.database.transaction({ keys: [String(user_id)] }, (tx) =>
      insertSkill(tx, { user_id, name: 'Chess', category: 'social', description: '', prerequisites: [] }, new Date('2026-09-01T12:00:00Z')));
    const run = async () => {
      const userIds = await job.peopleAfter(bench.database, { day: '2026-11-20', after: 0, limit: 100 });
      await bench.database.transaction({ keys: userIds.map(String) }, (tx) => job.run({ tx, day: '2026-11-20', now, raise, eventId: () => 'id' }, userIds));
    };
    await grantConsents(bench.database, 11, ['ai_insights']);
    const first = await skillOf(11);
    await skillOf(12);
    await run();
    await run();
    expect(told).toEqual([['SkillRecommendationGenerated', {
      user_id: 11, recommended_skill_ids: [first], recommended_skill_names: ['Chess'], confidence_score: 0.5,
      recommendation_reason: 'These skills are not practised for more than 30 days.',
    }]]);
    const second = await skillOf(11);
    await run();
    expect(told).toHaveLength(2);
    const controller = new RecommendationController(bench.database, storedConsents);
    expect(await controller.show({ user_id: 11 })).toMatchObject({ consented: true, recommendations: [{ recommended_skill_ids: [first, second] }] });
    expect(await controller.show({ user_id: 12 })).toEqual({ consented: false, recommendations: [] });
  });

  it.each([['SkillRecommendationGenerated', 0], ['InsightGenerated', 1]])('V-9: when the consent to %s ends, %i of it is left', async (eventType, left) => {
    await saveRecommendation(bench.database, 21, { recommended_skill_ids: [1], recommended_skill_names: ['Chess'], recommendation_reason: 'Why.', confidence_score: 0.5 }, now);
    const cause = registered(21);
    const ended = [{ user_id: 21, purposes: new Set<ConsentPurpose>(), eventTypes: new Set([eventType]), cause }];
    await bench.handle({ handle: (_events, context) => new DropRecommendationsWhenConsentEnds().consentsEnded(ended, context) }, cause);
    expect(await lastRecommended(bench.database, 21)).toEqual(left === 0 ? null : expect.objectContaining({ recommended_skill_ids: [1] }));
  });
});

describe('a rebuilt service', () => {
  it('gives no skill id twice', async () => {
    const practised = eventOf(SkillPracticed, { user_id: 1, skill_id: 90, practice_duration: 1, experience_gained: 1, practice_timestamp: new Date() });
    await bench.handle(new ReserveSkillIdWhenSkillPracticed(), practised);
    const { rows } = await bench.database.query<{ id: string }>(`SELECT nextval('skill_ids') AS id`);
    expect(Number(rows[0]?.id)).toBe(91);
  });
});
