import { httpCall, type HttpCall } from './http-call.js';
import { Person } from './person.js';
import type { RunningServices } from './services.js';
import type { ServiceName } from '@lifeos/cli';

/** What a person does in an app like this; each is one request. */
const asks: Readonly<Record<string, (user: ApiUser) => Promise<void>>> = {
  home: (user) => user.read('dashboard', `dashboard/home/${user.id}`),
  quests: (user) => user.read('quests', `quests/${user.id}?limit=50`),
  habits: (user) => user.read('quests', `quests/habits/${user.id}`),
  coreStats: (user) => user.read('stats', `stats/core-stats/${user.id}`),
  lifeStats: (user) => user.read('stats', `stats/life-stats/${user.id}`),
  overview: (user) => user.read('dashboard', `dashboard/overview/${user.id}/health`),
  entries: (user) => user.read('journal', `journal/entries/${user.id}?limit=20`),
  notifications: (user) => user.read('dashboard', `dashboard/notifications/${user.id}?limit=20`),
  achievements: (user) => user.read('achievements', `achievements/${user.id}`),
  balance: (user) => user.read('analytics', `analytics/balance-score/${user.id}`),
  createQuest: (user) => user.createQuest(),
  completeQuest: (user) => user.completeQuest(),
  completeHabit: (user) => user.write('POST', 'quests', `quests/habits/${user.habitId}/complete`, { completion_date: user.nextDay() }),
  enterStat: (user) => user.write('PUT', 'stats', `stats/life-stats/${user.id}`, user.measured()),
  writeEntry: (user) => user.write('POST', 'journal', 'journal/entries', user.entry()),
  practise: (user) => user.write('POST', 'skills', `skills/${user.skillId}/practice`, { minutes: 15 }),
};

/** Twenty requests, fourteen reads and six writes, by turns. */
const round = ['home', 'createQuest', 'quests', 'habits', 'home', 'completeHabit', 'coreStats', 'lifeStats', 'enterStat', 'home', 'overview', 'entries',
  'completeQuest', 'home', 'notifications', 'writeEntry', 'achievements', 'balance', 'home', 'practise'];
type Effect = 'quests' | 'completed' | 'habits' | 'stats' | 'entries' | 'practices';

/** What a write adds one to. */
const effects: Readonly<Record<string, Effect | undefined>> = {
  createQuest: 'quests', completeQuest: 'completed', completeHabit: 'habits', enterStat: 'stats', writeEntry: 'entries', practise: 'practices',
};

/** What a request is; `place` counts the requests of one user, who begins elsewhere than the others. */
export function askAt(user: ApiUser, place: number): { readonly name: string; readonly isWrite: boolean } {
  const name = round[(place + 7 * user.id) % round.length] ?? 'home';
  return { name, isWrite: effects[name] !== undefined };
}

/** Somebody who uses the app: one HTTP request for each ask. */
export class ApiUser {
  habitId = 0;
  skillId = 0;
  /** What the user did, to be found again in the databases. */
  readonly done: Record<Effect, number> = { quests: 0, completed: 0, habits: 0, stats: 0, entries: 0, practices: 0 };
  /** Requests that failed; one that was not answered in time may have been carried out. */
  readonly failed: Record<Effect, number> = { quests: 0, completed: 0, habits: 0, stats: 0, entries: 0, practices: 0 };
  private readonly open: number[] = [];

  private constructor(
    private readonly services: RunningServices,
    private readonly person: Person,
  ) {}

  static async signUp(services: RunningServices): Promise<ApiUser> {
    const user = new ApiUser(services, await Person.register(services));
    const habit = { user_id: user.id, name: 'Stretch', frequency: 'daily' };
    const skill = { user_id: user.id, name: 'Running', category: 'health' };
    user.habitId = Number((await user.send('POST', 'quests', 'quests/habits', habit))['habit_id']);
    user.skillId = Number((await user.send('POST', 'skills', 'skills', skill))['skill_id']);
    await user.send('PUT', 'dashboard', `privacy/consents/${user.id}`, { purpose: 'ai_insights', granted: true });
    for (let count = 0; count < 3; count += 1) await user.ask('createQuest');
    return user;
  }

  get id(): number {
    return this.person.userId;
  }

  /** @throws Error with the answer, when it is not a success. */
  async ask(name: string): Promise<void> {
    try {
      await asks[name]?.(this);
    } catch (error) {
      const effect = effects[name];
      if (effect) this.failed[effect] += 1;
      throw error;
    }
    const effect = effects[name];
    if (effect) this.done[effect] += 1;
  }

  async read(service: ServiceName, path: string): Promise<void> {
    await this.send('GET', service, path);
  }

  async write(method: 'POST' | 'PUT', service: ServiceName, path: string, body: object): Promise<void> {
    await this.send(method, service, path, body);
  }

  async createQuest(): Promise<void> {
    const quest = await this.send('POST', 'quests', 'quests', { user_id: this.id, title: 'Walk', quest_type: 'daily', experience_reward: 25 });
    this.open.push(Number(quest['quest_id']));
  }

  async completeQuest(): Promise<void> {
    const id = this.open.shift();
    if (id === undefined) throw new Error('No quest is open.');
    await this.send('PUT', 'quests', `quests/${id}/complete`);
  }

  /** A daily habit is done once a day: one day after the other of the last month. */
  nextDay(): string {
    const daysAgo = 30 - this.done.habits - this.failed.habits;
    return new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  }

  measured(): object {
    return { category: 'health', subcategory: 'physical', value: 40 + (this.done.stats % 20), unit: 'points' };
  }

  entry(): object {
    return { user_id: this.id, entry_type: 'daily', title: 'Today', content: 'Went for a walk in the hills and slept well.', mood: 7, tags: ['walk'] };
  }

  private async send(method: HttpCall['method'], service: ServiceName, path: string, body?: object): Promise<Record<string, unknown>> {
    const url = `${this.services.url(service)}/api/v1/${path}`;
    const { status, text } = await httpCall({ method, url, token: this.person.token, ...(body === undefined ? {} : { body }) });
    if (status < 200 || status > 299) throw new Error(`${method} ${url} answered ${status}: ${text.slice(0, 500)}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  }
}
