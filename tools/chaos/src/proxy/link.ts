import { connect, type Socket } from 'node:net';
import { type Filter, Pipe } from './pipe.js';
import type { Toxics } from './toxics.js';

/** What looks into one connection. `close` ends it at once. */
export type Inspector = (close: () => void) => { readonly request: Filter; readonly reply: Filter };

export const passAll: Inspector = () => ({ request: (chunk) => [chunk], reply: (chunk) => [chunk] });

export interface LinkOptions {
  readonly target: { readonly host: string; readonly port: number };
  readonly toxics: Toxics;
  readonly inspector: Inspector;
  readonly random: () => number;
}

/** One client's connection to the target, through the proxy. */
export class Link {
  private readonly server: Socket;
  private readonly over = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(private readonly client: Socket, private readonly options: LinkOptions, onEnd: () => void) {
    const { target, toxics, inspector, random } = options;
    this.server = connect({ ...target, allowHalfOpen: true });
    const { signal } = this.over;
    const { request, reply } = inspector(() => this.cut(false));
    for (const socket of [client, this.server]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.cut(true));
      socket.on('close', () => {
        if (!this.client.destroyed || !this.server.destroyed) return;
        this.timers.forEach(clearTimeout);
        onEnd();
      });
    }
    for (const ending of toxics.endings) this.endAfter(ending);
    const pipes = [
      new Pipe(client, this.server, { direction: 'upstream', toxics, filter: request, random, signal }),
      new Pipe(this.server, client, { direction: 'downstream', toxics, filter: reply, random, signal }),
    ];
    void Promise.all(pipes.map((pipe) => pipe.run()));
  }

  endAfter({ afterMs, reset }: { afterMs: number; reset: boolean }): void {
    const timer = setTimeout(() => this.cut(reset), afterMs);
    this.timers.push(timer);
  }

  /** Ends both sides at once; with a reset, data under way is lost as well. */
  cut(reset: boolean): void {
    this.timers.forEach(clearTimeout);
    this.over.abort();
    this.options.toxics.changed();
    for (const socket of [this.client, this.server]) {
      if (reset) socket.resetAndDestroy();
      else socket.destroy();
    }
  }
}
