/** Between these, ends included, avsc 5.7.9 carries every whole number exactly; just below, its zigzag loses the sign without a word. */
export const smallestLong = -(2 ** 52);
export const largestLong = 2 ** 53 - 2;
