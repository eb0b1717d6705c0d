import { defineEvent, type EventType } from '@lifeos/contracts';
import type { Verdict, ConsentGate, JudgedEvent, SensitiveEvent } from '../consent/consent-gate.js';
import { recordOf, topic, type RecordSpec } from './records.js';

interface MoodPayload {
  readonly user_id: number | null;
  readonly quest_id: number;
}

/** A sensitive event whose person may be missing. */
export const MoodNoted: EventType<MoodPayload> = defineEvent<MoodPayload, MoodPayload>({
  name: 'MoodNoted', context: 'quests', major: 1, topic,
  schemas: [{
    type: 'record', namespace: 'lifeos.quests.v1', name: 'MoodNoted', doc: 'A mood.', version: '1.0.0', purpose: 'ai_insights',
    fields: [
      { name: 'user_id', type: ['null', 'long'], default: null, doc: 'Who.' },
      { name: 'quest_id', type: 'long', doc: 'Where.' },
    ],
  }],
});

/** As `recordOf`; `revision` is what the producer knew of the person's consents. */
export function moodOf({ revision, isNobodys = false, ...spec }: RecordSpec & { readonly revision?: number; readonly isNobodys?: boolean }) {
  const { offset, user = 1 } = spec;
  const value = MoodNoted.encode({ user_id: isNobodys ? null : user, quest_id: offset + 1 });
  return recordOf({ ...spec, type: MoodNoted, value, headers: { ...spec.headers, ce_consentrevision: revision === undefined ? undefined : String(revision) } });
}

/** A gate that says what the test says, and remembers what it was asked. */
export class ScriptedGate implements ConsentGate {
  readonly recorded: JudgedEvent[] = [];
  asked = 0;
  waits: (string | null)[] = [];

  constructor(private readonly verdictOn: (event: SensitiveEvent) => Verdict) {}

  async waitBefore(): Promise<{ reason: string; retryAfterMs: number } | null> {
    const reason = this.waits.shift() ?? null;
    return reason === null ? null : { reason, retryAfterMs: 1 };
  }

  async judge(_tx: unknown, events: readonly SensitiveEvent[]): Promise<Verdict[]> {
    this.asked += 1;
    return events.map(this.verdictOn);
  }

  async record(_tx: unknown, judged: readonly JudgedEvent[]): Promise<void> {
    this.recorded.push(...judged);
  }

  /** `user decision`, sorted. */
  get decisions(): string[] {
    return this.recorded.map(({ sensitive, refusal }) => `${sensitive.userId} ${refusal ?? 'handled'}`).sort();
  }
}
