import type { EventFeed } from './event-feed.js';

/** What a story is played on and where it is told. */
export interface Stage {
  /** Base URL of each service, without `/api/v1`. */
  readonly urls: Readonly<Record<string, string>>;
  readonly feed: EventFeed;
  readonly print: (line: string) => void;
  readonly limits: { readonly timeoutMs: number; readonly quietMs: number };
  /** A fresh access token of an operator: the story moves the days. */
  readonly operatorToken: () => string;
}

/** Whom a story is about. */
export interface Person {
  readonly userId: number;
  readonly token: string;
}
