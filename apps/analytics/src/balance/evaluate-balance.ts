import { BalanceScoreCalculated, BalanceShiftDetected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { derivedEventId, type EventEnvelope } from '@lifeos/events';
import type { Consents } from '@lifeos/service';
import { type EarlierLife, earlierLife } from '../read-models/earlier-life.js';
import { type Reading, saveReadings } from '../series/series-store.js';
import { dayOf } from '../series/days.js';
import { areas, overallBalance, type Scores, scoresOf } from './balance.js';
import { type BalanceState, isNews, reckon, scoresAWeekBefore, weekMs, withAnnounced, withReckoned } from './balance-state.js';
import { type LifeStatRow, loadBalances, loadLifeStats, saveAnnounced, saveLifeStats, saveReckonings, type ScoreRow, type Span } from './balance-store.js';
import { actionsFor, dueShifts, type Shift, shiftsOf, toldAs } from './shift.js';
import { loadShifts, saveShifts, type ShiftRow } from './shift-store.js';

/** Something after which the balance is looked at. */
export interface Occasion {
  readonly cause: EventEnvelope;
  readonly userId: number;
  /** What it says of a life stat, if anything. */
  readonly stat?: LifeStatRow;
}

/** Series of the overall balance. */
export const balanceSeries = 'balance';

/**
 * AN-1 to AN-3 for a whole batch: life stats are kept of everybody; scores, what is told of them, and
 * shifts only of those who let it be. Everything is read once, decided event by event, written once.
 */
export async function evaluateBalance(context: HandlerContext, consents: Consents, occasions: readonly Occasion[]): Promise<void> {
  const evaluation = await Evaluation.open(context, consents, occasions);
  for (const occasion of occasions) evaluation.see(occasion);
  await evaluation.save();
}

class Evaluation {
  private readonly changedStats = new Map<string, LifeStatRow>();
  private readonly reckonings: ScoreRow[] = [];
  private readonly announced: ScoreRow[] = [];
  private readonly newShifts: ShiftRow[] = [];

  private constructor(
    private readonly context: HandlerContext,
    private readonly may: { readonly score: ReadonlySet<number>; readonly shift: ReadonlySet<number> },
    private readonly known: { readonly stats: Map<number, Map<string, LifeStatRow>>; readonly balances: Map<number, BalanceState>; readonly shifts: ShiftRow[] },
    private readonly earlier: EarlierLife,
  ) {}

  static async open(context: HandlerContext, consents: Consents, occasions: readonly Occasion[]): Promise<Evaluation> {
    const { tx } = context;
    const spans = spansOf(occasions);
    const userIds = spans.map(({ userId }) => userId);
    const score = await consents.allowing(tx, BalanceScoreCalculated, userIds);
    const shift = await consents.allowing(tx, BalanceShiftDetected, userIds);
    const stats = new Map<number, Map<string, LifeStatRow>>(userIds.map((userId) => [userId, new Map()]));
    for (const row of await loadLifeStats(tx, userIds)) stats.get(row.userId)?.set(statKey(row), row);
    const balances = await loadBalances(tx, spans);
    const shifts = await loadShifts(tx, spans);
    const earlier = await earlierLife(tx, BalanceScoreCalculated, userIds, (hasJudged) =>
      occasions.filter(({ userId, cause }) => hasJudged(userId, cause.timestamp)).flatMap(possibleIds),
    );
    return new Evaluation(context, { score, shift }, { stats, balances, shifts }, earlier);
  }

  see({ cause, userId, stat }: Occasion): void {
    const stats = this.known.stats.get(userId) ?? new Map<string, LifeStatRow>();
    if (stat) {
      stats.set(statKey(stat), stat);
      this.changedStats.set(`${userId} ${statKey(stat)}`, stat);
    }
    const state = this.known.balances.get(userId);
    if (!state || stats.size === 0 || !this.may.score.has(userId)) return;
    const reckoned = reckon(state, scoresOf(stats.values()), cause.timestamp);
    if (!reckoned) return;
    const row = { userId, ...reckoned };
    this.reckonings.push(row);
    this.known.balances.set(userId, this.announce(withReckoned(state, reckoned), row, cause));
    this.detectShifts(row, cause);
  }

  async save(): Promise<void> {
    const { tx } = this.context;
    await saveLifeStats(tx, [...this.changedStats.values()]);
    await saveReckonings(tx, this.reckonings);
    await saveReadings(tx, this.reckonings.map(readingOf));
    await saveAnnounced(tx, this.announced);
    await saveShifts(tx, this.newShifts);
  }

  private announce(state: BalanceState, { userId, scores, at }: ScoreRow, cause: EventEnvelope): BalanceState {
    const isTold = this.earlier.hasJudged(userId, at) ? this.earlier.hasTold(scoreId(cause)) : isNews(state, scores);
    if (!isTold) return state;
    this.context.raise(BalanceScoreCalculated, { user_id: userId, ...payloadOf(scores), calculation_timestamp: at }, { cause, fact: cause.eventId, timestamp: at });
    const { state: after, announced } = withAnnounced(state, { scores, at });
    this.announced.push({ userId, ...announced });
    return after;
  }

  private detectShifts({ userId, scores, at }: ScoreRow, cause: EventEnvelope): void {
    if (!this.may.shift.has(userId)) return;
    const history = this.known.balances.get(userId)?.history ?? [];
    for (const shift of dueShifts(shiftsOf(scores, scoresAWeekBefore(history, at)), this.toldBefore(userId, at))) {
      if (this.earlier.hasJudged(userId, at) && !this.earlier.hasTold(shiftId(cause, shift))) continue;
      const told = { shift_type: shift.type, affected_areas: [...shift.areas], severity: shift.severity, recommended_actions: actionsFor(shift) };
      const eventId = this.context.raise(
        BalanceShiftDetected,
        { user_id: userId, ...told, shift_timestamp: at },
        { cause, fact: shiftFact(cause, shift), timestamp: at },
      );
      const row = { eventId, userId, at, ...told };
      this.known.shifts.push(row);
      this.newShifts.push(row);
    }
  }

  private toldBefore(userId: number, at: Date): Set<string> {
    const within = this.known.shifts.filter((told) => told.userId === userId && told.at <= at && told.at.getTime() > at.getTime() - weekMs);
    return new Set(within.flatMap((told) => told.affected_areas.map((area) => toldAs(told.shift_type, area))));
  }
}

/** What an event or an answer says of the scores. */
export const payloadOf = (scores: Scores) => ({
  health_score: scores.health,
  wealth_score: scores.wealth,
  relationships_score: scores.relationships,
  overall_balance: overallBalance(scores),
});

const readingOf = ({ userId, scores, at }: ScoreRow): Reading => ({ userId, series: balanceSeries, day: dayOf(at), value: overallBalance(scores), at });

const statKey = ({ area, subcategory }: LifeStatRow): string => `${area}.${subcategory}`;

const shiftFact = (cause: EventEnvelope, { type, areas: [about] }: Pick<Shift, 'type' | 'areas'>): string => `${cause.eventId} ${type} ${about}`;

const idOf = (eventName: string, cause: EventEnvelope, fact: string): string =>
  derivedEventId({ context: BalanceScoreCalculated.context, eventName, userId: cause.key, fact });
const scoreId = (cause: EventEnvelope): string => idOf(BalanceScoreCalculated.name, cause, cause.eventId);
const shiftId = (cause: EventEnvelope, shift: Pick<Shift, 'type' | 'areas'>): string => idOf(BalanceShiftDetected.name, cause, shiftFact(cause, shift));

function possibleIds({ cause }: Occasion): string[] {
  const shifts = (['decline', 'improvement', 'imbalance'] as const).flatMap((type) => areas.map((area) => shiftId(cause, { type, areas: [area] })));
  return [scoreId(cause), ...shifts];
}

function spansOf(occasions: readonly Occasion[]): Span[] {
  const spans = new Map<number, Span>();
  for (const { userId, cause } of occasions) {
    const { timestamp: at } = cause;
    const { from, to } = spans.get(userId) ?? { from: at, to: at };
    spans.set(userId, { userId, from: at < from ? at : from, to: at > to ? at : to });
  }
  return [...spans.values()];
}
