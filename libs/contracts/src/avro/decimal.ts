/**
 * Decimals travel as the two's complement of the unscaled whole number. In memory they are numbers,
 * so only those with at most 15 digits are taken: up to there a double tells every one from its
 * neighbours.
 */
const largest = 999_999_999_999_999;

/** The unscaled whole number; undefined when `value` has more places than `scale` or too many digits. */
export function unscaled(value: number, scale: number): number | undefined {
  const whole = Math.round(value * 10 ** scale);
  return Math.abs(whole) <= largest && whole / 10 ** scale === value ? whole : undefined;
}

export function decimalToBytes(value: number, scale: number): Buffer | undefined {
  let rest = unscaled(value, scale);
  if (rest === undefined) return undefined;
  const bytes: number[] = [];
  do {
    bytes.unshift(rest & 0xff);
    rest = Math.floor(rest / 256);
  } while (!signShows(rest, bytes[0] ?? 0));
  return Buffer.from(bytes);
}

/** Nothing is left but the sign, and the first byte's high bit says it. */
const signShows = (rest: number, first: number): boolean => (rest === 0 && first < 0x80) || (rest === -1 && first >= 0x80);

/** @throws RangeError when a double cannot hold the value exactly. */
export function decimalFromBytes(bytes: Buffer, scale: number): number {
  const whole = bytes.length === 0 ? 0 : bytes.length <= 6 ? bytes.readIntBE(0, bytes.length) : wide(bytes);
  if (Math.abs(whole) > largest) throw new RangeError(`decimal of ${bytes.length} bytes has more than 15 digits`);
  return whole / 10 ** scale;
}

const wide = (bytes: Buffer): number => Number(BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`)));
