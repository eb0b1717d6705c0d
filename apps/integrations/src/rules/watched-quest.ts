import type { QuestChangedPayload, QuestCreatedPayload, QuestStatusChangedPayload } from '@lifeos/contracts';
import type { Rule } from './auto-completion.js';

/** A quest as far as its rules need it. */
export interface Watched {
  readonly quest_id: number;
  readonly user_id: number;
  /** asleep: draft or failed; paused quests stay awake, quests remembers what was met meanwhile. */
  readonly state: 'awake' | 'asleep' | 'ended';
  readonly active_since: Date | null;
  readonly rules: readonly Rule[];
  readonly rules_told_at: Date;
}

type About = Pick<Watched, 'quest_id' | 'user_id'>;

const unheard = ({ quest_id, user_id }: About, at: Date): Watched => ({ quest_id, user_id, state: 'asleep', active_since: null, rules: [], rules_told_at: at });

/** I-11. A quest that is known was created before: hearing of it again changes nothing. */
export function created(known: Watched | null, quest: Pick<QuestCreatedPayload, 'quest_id' | 'user_id' | 'status' | 'auto_completion_rules'>, at: Date): Watched {
  if (known) return known;
  const { quest_id, user_id, status, auto_completion_rules: rules } = quest;
  return { quest_id, user_id, rules, rules_told_at: at, ...(status === 'active' ? { state: 'awake', active_since: at } : { state: 'asleep', active_since: null }) };
}

export const completed = (known: Watched | null, about: About, at: Date): Watched => ({ ...(known ?? unheard(about, at)), state: 'ended' });

export function failed(known: Watched | null, about: About, at: Date): Watched {
  const quest = known ?? unheard(about, at);
  return quest.state === 'ended' ? quest : { ...quest, state: 'asleep' };
}

/** Activation and retry begin the measuring; after a pause it goes on. */
export function statusChanged(known: Watched | null, change: QuestStatusChangedPayload): Watched {
  const quest = known ?? unheard(change, change.changed_at);
  if (quest.state === 'ended' || change.new_status !== 'active') return quest;
  const goesOn = change.previous_status === 'paused' && quest.active_since !== null;
  return { ...quest, state: 'awake', active_since: goesOn ? quest.active_since : change.changed_at };
}

/** New rules count from when they were told, so those dropped by a disconnection (I-10) are in force again. */
export function changed(known: Watched | null, change: Pick<QuestChangedPayload, 'quest_id' | 'user_id' | 'deleted' | 'auto_completion_rules'>, at: Date): Watched {
  const quest = known ?? unheard(change, at);
  return change.deleted ? { ...quest, state: 'ended' } : { ...quest, rules: change.auto_completion_rules, rules_told_at: at };
}
