import { AutoCompletionTriggered } from '@lifeos/contracts';
import type { EventLog } from '@lifeos/event-log';
import { derivedEventId } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import { CONSENTS, type Consents, currentContext, EVENT_LOG } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { type Measured, metRule, type Rule } from '../rules/auto-completion.js';
import { measuredSince, rememberCompletions, type WatchedQuest, watchedQuests } from '../rules/rule-store.js';

export interface Completing {
  readonly user_id: number;
  readonly source: string;
  readonly at: Date;
  /** The event that tells of the sync; null when the person does not let it be made. */
  readonly causationId: string | null;
}

/** I-11: after a sync, quests of the person whose rule is met are told of, each once. */
@Injectable()
export class Completions {
  constructor(
    @Inject(CONSENTS) private readonly consents: Consents,
    @Inject(EVENT_LOG) private readonly log: Pick<EventLog, 'append'>,
  ) {}

  /** Under the person's key. Returns the quests' ids. */
  async check(tx: Transaction, completing: Completing): Promise<number[]> {
    const { user_id, source, at } = completing;
    if (!(await this.consents.allowing(tx, AutoCompletionTriggered, [user_id])).has(user_id)) return [];
    const completed: number[] = [];
    for (const quest of await watchedQuests(tx, user_id, source)) {
      const met = metRule(quest.rules, source, await measures(tx, quest, completing));
      if (!met) continue;
      this.tell(tx, { ...completing, quest, ...met });
      completed.push(quest.quest_id);
    }
    await rememberCompletions(tx, completed.map((quest_id) => ({ quest_id, user_id, at })));
    return completed;
  }

  private tell(tx: Transaction, { user_id, source, at, causationId, quest, rule, sum }: Completing & { quest: WatchedQuest; rule: Rule; sum: number }): void {
    const { quest_id, active_since } = quest;
    const trigger_data = { metric: rule.metric, operator: rule.operator, threshold: rule.threshold, sum, since: active_since.toISOString() };
    const payload = AutoCompletionTriggered.build({ user_id, quest_id, trigger_source: source, trigger_data, completion_timestamp: at });
    const eventId = derivedEventId({ context: 'integrations', eventName: AutoCompletionTriggered.name, userId: user_id, fact: `quest ${quest_id}` });
    const { correlationId = null, traceparent = null } = currentContext() ?? {};
    this.log.append(tx, [{ eventId, type: AutoCompletionTriggered, timestamp: at, key: String(user_id), correlationId, causationId, traceparent, payload }]);
  }
}

async function measures(tx: Transaction, { rules, active_since }: WatchedQuest, { user_id, source }: Completing): Promise<(metric: string) => Measured> {
  const measured = new Map<string, Measured>();
  for (const metric of new Set(rules.filter((rule) => rule.source.toLowerCase() === source).map((rule) => rule.metric))) {
    measured.set(metric, await measuredSince(tx, { userId: user_id, source, metric, since: active_since }));
  }
  return (metric) => measured.get(metric) ?? { sum: 0, points: 0 };
}
