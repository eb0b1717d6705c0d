import { randomUUID } from 'node:crypto';
import type { Narrator } from './narrator.js';
import type { Person } from './stage.js';

/** Ada signs up, takes on quests and completes them until the second level: 1125 XP. */
export async function firstDay(narrator: Narrator): Promise<Person> {
  const person = await register(narrator);
  narrator.follow(person);
  // 400 × 1.5 = 600 XP, and 100 for the first quest: 700. Intelligence takes 100 + 110 + 121 + 133 of the 600: four points.
  await quest(narrator, person, 'Write the first chapter', { quest_type: 'main', difficulty: 'medium', experience_reward: 400 }, [
    'QuestCompleted', 'ExperienceAwarded', 'CoreStatUpdated', 'ReflectionPromptSuggested', 'AchievementUnlocked', 'ExperienceAwarded',
  ]);
  // 25 XP: no level, no stat point; progress towards the next achievements.
  await quest(narrator, person, 'Walk for half an hour', { quest_type: 'daily', experience_reward: 25 }, ['QuestCompleted', 'ExperienceAwarded']);
  // 200 × 2 = 400 XP: 1125 in all, the second level.
  await quest(narrator, person, 'Find a publisher', { quest_type: 'main', difficulty: 'hard', experience_reward: 200 }, [
    'QuestCompleted', 'ExperienceAwarded', 'LevelUp', 'CoreStatUpdated',
  ]);
  return person;
}

async function register(narrator: Narrator): Promise<Person> {
  const username = `ada-${randomUUID().slice(0, 8)}`;
  const password = randomUUID();
  const registered = await narrator.tell({
    title: 'Ada registers',
    ...{ service: 'dashboard', method: 'POST', path: '/dashboard/users', by: 'nobody' },
    body: { username, email: `${username}@example.org`, password, time_zone: 'UTC' },
    expected: ['UserRegistered', 'TitleUnlocked', 'ReflectionPromptSuggested'],
  });
  const login = await narrator.send({ service: 'dashboard', method: 'POST', path: '/dashboard/login', by: 'nobody', body: { username, password } });
  return { userId: Number(registered.body['user_id']), token: String(login.body['access_token']) };
}

async function quest(narrator: Narrator, { userId }: Person, title: string, body: object, expected: readonly string[]): Promise<void> {
  const created = await narrator.tell({
    title: `Ada takes on a quest: ${title}`,
    ...{ service: 'quests', method: 'POST', path: '/quests', body: { user_id: userId, title, ...body } },
    expected: ['QuestCreated'],
  });
  await narrator.tell({
    title: `Ada completes it: ${title}`,
    ...{ service: 'quests', method: 'PUT', path: `/quests/${String(created.body['quest_id'])}/complete` },
    expected,
  });
}
