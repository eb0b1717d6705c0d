import { dataPrefix } from './series.js';

const dataAreas: ReadonlyMap<string, string> = new Map([
  ['workout', 'health'],
  ['sleep', 'health'],
  ['nutrition', 'health'],
  ['transaction', 'wealth'],
  ['investment', 'wealth'],
  ['task', 'wealth'],
  ['calendar', 'relationships'],
  ['social', 'relationships'],
]);

const own: ReadonlyMap<string, { label: string; area: string }> = new Map([
  ['mood', { label: 'your mood', area: 'mood' }],
  ['words', { label: 'the words that you write', area: 'writing' }],
  ['habit_completions', { label: 'completed habits', area: 'habits' }],
  ['quest_completions', { label: 'completed quests', area: 'quests' }],
]);

const spelled = (name: string): string => name.replaceAll('_', ' ');

/** A series in words, to stand within a sentence. */
export function labelOf(series: string): string {
  const known = own.get(series);
  if (known) return known.label;
  if (series.startsWith(dataPrefix)) return `synced ${spelled(series.slice(dataPrefix.length))} data`;
  const [category, subcategory] = series.split('.');
  return subcategory === undefined ? spelled(series) : `${spelled(subcategory)} (${spelled(category ?? '')})`;
}

/** The area of life that a series belongs to. */
export function areaOf(series: string): string {
  const known = own.get(series);
  if (known) return known.area;
  if (series.startsWith(dataPrefix)) return dataAreas.get(series.slice(dataPrefix.length)) ?? 'synced data';
  const [category, subcategory] = series.split('.');
  return subcategory === undefined ? 'core stats' : spelled(category ?? '');
}

/** Names as a list in a sentence. */
export function listed(names: readonly string[]): string {
  const all = [...new Set(names)];
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}
