import { createHash } from 'node:crypto';
import type { Principal } from './principal.js';

interface Remembered {
  readonly principal: Principal;
  /** ms since the epoch. */
  readonly acceptedUntil: number;
}

/**
 * Tokens whose signature was found good, so that each is verified once and not with every request. They are
 * known by their hash alone: whoever reads this memory gets no token. The oldest make room for new ones.
 */
export class RememberedTokens {
  private readonly known = new Map<string, Remembered>();

  constructor(
    private readonly most = 10_000,
    private readonly now: () => number = () => Date.now(),
  ) {}

  principalOf(token: string): Principal | null {
    const id = idOf(token);
    const found = this.known.get(id);
    if (found === undefined) return null;
    if (this.now() < found.acceptedUntil) return found.principal;
    this.known.delete(id);
    return null;
  }

  remember(token: string, remembered: Remembered): void {
    this.known.set(idOf(token), remembered);
    if (this.known.size <= this.most) return;
    const [oldest] = this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
  }
}

function idOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
