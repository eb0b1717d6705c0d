/** `2026-11-20 23:10:00 +0100` as ISO 8601; null when it is none. */
export function isoOf(text: string | undefined): string | null {
  const [, day, time, hours, minutes] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/.exec(text ?? '') ?? [];
  if (day === undefined) return null;
  const iso = `${day}T${time}${hours}:${minutes}`;
  return Number.isNaN(Date.parse(iso)) ? null : iso;
}
