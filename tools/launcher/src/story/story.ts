import { randomUUID } from 'node:crypto';
import { causationTree } from './causation-tree.js';
import type { EventFeed } from './event-feed.js';
import { type Answer, call, type Call } from './http.js';
import { shownAtTheEnd } from './outcome.js';

/** What the story is played on and where it is told. */
export interface Stage {
  /** Base URL of each service, without `/api/v1`. */
  readonly urls: Readonly<Record<string, string>>;
  readonly feed: EventFeed;
  readonly print: (line: string) => void;
  readonly limits: { readonly timeoutMs: number; readonly quietMs: number };
}

/** A step: one command, and the events that everybody's reactions must bring. */
interface Step {
  readonly title: string;
  readonly command: Omit<Call, 'correlationId'>;
  readonly expected: readonly string[];
}

/**
 * A person signs up, takes on quests and completes them until the second level. Every step goes
 * through a public API; what it leads to is read from the topics, and at the end from the services
 * that own it. Resolves with what was expected and not seen: empty when all is well.
 */
export async function playStory(stage: Stage): Promise<string[]> {
  const api = (service: string, path: string): string => `${stage.urls[service]}/api/v1${path}`;
  const missing: string[] = [];
  const run = async (step: Step): Promise<Answer> => {
    const played = await playStep(stage, step);
    missing.push(...played.missing);
    return played.answer;
  };

  const username = `ada-${randomUUID().slice(0, 8)}`;
  const password = randomUUID();
  const registered = await run({
    title: 'Ada registers',
    command: { method: 'POST', url: api('dashboard', '/dashboard/users'), body: { username, email: `${username}@example.org`, password, time_zone: 'UTC' } },
    expected: ['UserRegistered', 'TitleUnlocked', 'ReflectionPromptSuggested'],
  });
  const userId = Number(registered.body['user_id']);
  const login = await call({ method: 'POST', url: api('dashboard', '/dashboard/login'), body: { username, password } });
  const token = String(login.body['access_token']);

  const quest = async (title: string, body: object, expected: readonly string[]): Promise<void> => {
    const created = await run({
      title: `Ada takes on a quest: ${title}`,
      command: { method: 'POST', url: api('quests', '/quests'), token, body: { user_id: userId, title, ...body } },
      expected: ['QuestCreated'],
    });
    await run({
      title: `Ada completes it: ${title}`,
      command: { method: 'PUT', url: api('quests', `/quests/${String(created.body['quest_id'])}/complete`), token },
      expected,
    });
  };

  // 400 × 1.5 = 600 XP, and 100 for the first quest: 700. Intelligence takes 100 + 110 + 121 + 133 of the 600: four points.
  await quest('Write the first chapter', { quest_type: 'main', difficulty: 'medium', experience_reward: 400 }, [
    'QuestCompleted', 'ExperienceAwarded', 'CoreStatUpdated', 'ReflectionPromptSuggested', 'AchievementUnlocked', 'ExperienceAwarded',
  ]);
  // 25 XP: no level, no stat point; progress towards the next achievements.
  await quest('Walk for half an hour', { quest_type: 'daily', experience_reward: 25 }, ['QuestCompleted', 'ExperienceAwarded']);
  // 200 × 2 = 400 XP: 1125 in all, the second level.
  await quest('Find a publisher', { quest_type: 'main', difficulty: 'hard', experience_reward: 200 }, [
    'QuestCompleted', 'ExperienceAwarded', 'LevelUp', 'CoreStatUpdated',
  ]);

  missing.push(...(await shownAtTheEnd({ api, token, userId, print: stage.print, limits: stage.limits })));
  return missing;
}

async function playStep({ feed, print, limits }: Stage, step: Step): Promise<{ answer: Answer; missing: string[] }> {
  const correlationId = randomUUID();
  print(`\n${step.title}`);
  feed.begin(correlationId, performance.now());
  const answer = await call({ ...step.command, correlationId });
  print(`  ${step.command.method} ${new URL(step.command.url).pathname} → ${answer.status}`);
  if (answer.status >= 400) return { answer, missing: [`${step.title}: answered ${answer.status} ${JSON.stringify(answer.body)}`] };
  const missing = await feed.waitFor(correlationId, step.expected, limits);
  for (const line of causationTree(feed.eventsOf(correlationId))) print(`  ${line}`);
  return { answer, missing: missing.map((name) => `${step.title}: no ${name} arrived within ${limits.timeoutMs} ms`) };
}
