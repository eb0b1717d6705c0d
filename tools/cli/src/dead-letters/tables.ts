import colors from 'picocolors';
import type { ListedLetter, Statistics } from './dead-letter-client.js';

/** Columns as wide as their widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ').trimEnd();
  return [colors.bold(line(header)), ...rows.map(line)].join('\n');
}

const mostText = 60;

export function letterTable(letters: readonly { service: string; letter: ListedLetter }[]): string {
  const rows = letters.map(({ service, letter }) => [
    service, letter.id, letter.status, letter.handler, letter.event_type?.split('.').at(-1) ?? '-', letter.key ?? '-',
    letter.offset === null ? letter.topic : `${letter.topic}/${letter.partition}/${letter.offset}`,
    letter.reason ?? '-', `${letter.retries}/${letter.max_retries}`, dueOf(letter), cut(letter.error_message ?? '-'),
  ]);
  return table(['service', 'id', 'status', 'handler', 'event', 'key', 'record', 'reason', 'retries', 'next try', 'error'], rows);
}

function dueOf({ next_attempt_at: next }: ListedLetter, now = Date.now()): string {
  if (next === null) return '-';
  const seconds = Math.round((new Date(next).getTime() - now) / 1000);
  if (seconds <= 0) return 'now';
  return seconds < 120 ? `in ${seconds} s` : `in ${Math.round(seconds / 60)} min`;
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= mostText ? line : `${line.slice(0, mostText - 1)}…`;
}

export function statisticsTable(all: readonly { service: string; statistics: Statistics }[]): string {
  const rows = all.map(({ service, statistics: s }) => [
    service, ...[s.total, s.heads, s.followers, s.parked_keys, s.due_now, s.exhausted, s.relay_refused].map(String), s.oldest ?? '-',
  ]);
  const totals = table(['service', 'total', 'heads', 'followers', 'parked keys', 'due now', 'exhausted', 'relay', 'oldest'], rows);
  return [totals, ...all.flatMap(({ service, statistics }) => breakdown(service, statistics))].join('\n\n');
}

function breakdown(service: string, { by_reason, by_handler, by_event }: Statistics): string[] {
  const rows = Object.entries({ reason: by_reason, handler: by_handler, event: by_event }).flatMap(([kind, counts]) =>
    Object.entries(counts).map(([name, count]) => [kind, name, String(count)]),
  );
  return rows.length === 0 ? [] : [table([service, '', 'letters'], rows)];
}
