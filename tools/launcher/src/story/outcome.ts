import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './http.js';

/** Where to look, for whom. */
interface Viewer {
  readonly api: (service: string, path: string) => string;
  readonly token: string;
  readonly userId: number;
  readonly print: (line: string) => void;
  readonly limits: { readonly timeoutMs: number };
}

/** A fact that a service must show once the events have arrived there. */
interface Fact {
  readonly service: string;
  readonly path: string;
  readonly says: string;
  readonly holds: (body: Record<string, unknown>) => boolean;
}

const text = (value: unknown): string => JSON.stringify(value ?? null);

const facts = (userId: number): Fact[] => [
  { service: 'quests', path: `/quests/${userId}?status=completed`, says: 'three quests are completed', holds: ({ quests }) => Array.isArray(quests) && quests.length === 3 },
  { service: 'dashboard', path: `/dashboard/users/${userId}`, says: '1125 XP, level 2', holds: (body) => body['experience_points'] === 1125 && body['level'] === 2 },
  { service: 'achievements', path: `/achievements/${userId}`, says: '"First Quest" and the title "Beginner" are earned', holds: ({ earned, titles }) => text(earned).includes('First Quest') && text(titles).includes('Beginner') },
  { service: 'stats', path: `/stats/core-stats/${userId}`, says: 'intelligence grew to 17, level 2 is mirrored', holds: ({ core_stats, level }) => text(core_stats).includes('"intelligence":17') && level === 2 },
  { service: 'journal', path: `/journal/prompts/${userId}`, says: 'prompts to reflect on wait', holds: ({ prompts }) => text(prompts).includes('prompt_text') },
  { service: 'analytics', path: `/analytics/activity/${userId}`, says: 'the activity is counted', holds: ({ days }) => text(days).includes('QuestCompleted') },
  {
    service: 'dashboard',
    path: `/dashboard/home/${userId}`,
    says: 'home shows the level, the stat, the achievement, a prompt and notices',
    holds: ({ level, core_stats, recent_achievements, prompts, notifications }) =>
      text(level).includes('"level":2') && text(core_stats).includes('"intelligence":17') && text(recent_achievements).includes('First Quest') &&
      text(prompts).includes('prompt_text') && text(notifications).includes('First Quest'),
  },
];

/** Asks each owner through its public API until it shows its fact or the time is over. Resolves with what is missing. */
export async function shownAtTheEnd({ api, token, userId, print, limits }: Viewer): Promise<string[]> {
  print('\nWhat the services show');
  const missing: string[] = [];
  for (const { service, path, says, holds } of facts(userId)) {
    const url = api(service, path);
    const deadline = performance.now() + limits.timeoutMs;
    let answer = await call({ method: 'GET', url, token });
    while (!(answer.status === 200 && holds(answer.body)) && performance.now() < deadline) {
      await sleep(50);
      answer = await call({ method: 'GET', url, token });
    }
    const shown = answer.status === 200 && holds(answer.body);
    print(`  ${shown ? '✔' : '✘'} ${service.padEnd(12)} ${says}`);
    if (!shown) missing.push(`${service}: ${path} does not show that ${says}: ${answer.status} ${text(answer.body).slice(0, 300)}`);
  }
  return missing;
}
