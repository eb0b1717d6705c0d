/**
 * A whole number for an event that is named by its fact: 52 bits of its UUID, so a rebuilt service gives
 * the same number without a sequence that would have to be restored.
 */
export function idFromEvent(eventId: string): number {
  const digits = eventId.replaceAll('-', '');
  // The 13th digit is the UUID's version, the same in all of them.
  return Number.parseInt(digits.slice(0, 12) + digits.charAt(13), 16) || 1;
}
