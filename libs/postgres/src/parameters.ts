/**
 * Values as the driver sends them. An array of texts and numbers becomes PostgreSQL's literal here: the
 * driver escapes each element, and of what batches send nearly none needs it.
 */
export function parametersOf(values: readonly unknown[]): unknown[] {
  return values.map((value) => (Array.isArray(value) ? (arrayLiteral(value) ?? value) : value));
}

/** Without quotes `null` would be the value NULL. */
const needsNoQuotes = /^(?!null$)[\w.:+-]+$/i;

/** Null when it holds anything else, which the driver knows how to send. */
function arrayLiteral(values: readonly unknown[]): string | null {
  const elements: string[] = [];
  for (const value of values) {
    if (typeof value === 'string') elements.push(needsNoQuotes.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`);
    else if (typeof value === 'number') elements.push(String(value));
    else if (value === null) elements.push('NULL');
    else return null;
  }
  return `{${elements.join(',')}}`;
}
