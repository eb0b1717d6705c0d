/** How often a text must come before it gets a name: most are repeated for ever, or built for one occasion. */
const timesBeforeNamed = 3;
/** Each named statement is kept by every connection and by the server behind it. */
const mostTexts = 300;

/**
 * Gives names to statements that come again and again, so that each connection parses and plans them once.
 * Texts beyond the limit just stay without a name.
 */
export class RepeatedStatements {
  private readonly seen = new Map<string, { times: number; name: string | null }>();
  private named = 0;

  nameOf(text: string): string | undefined {
    const known = this.seen.get(text);
    if (known === undefined) {
      if (this.seen.size < mostTexts) this.seen.set(text, { times: 1, name: null });
      return undefined;
    }
    known.times += 1;
    if (known.name === null && known.times >= timesBeforeNamed) known.name = this.newName();
    return known.name ?? undefined;
  }

  /** The plan behind its name fits no more: from now on every connection parses it anew. */
  rename(text: string): void {
    const known = this.seen.get(text);
    if (known?.name) known.name = this.newName();
  }

  private newName(): string {
    this.named += 1;
    return `repeated_${this.named}`;
  }
}
