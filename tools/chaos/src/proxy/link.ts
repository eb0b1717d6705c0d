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
  private isFrozen = false;

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
    const shared = { toxics, random, signal, isFrozen: () => this.isFrozen };
    const pipes = [
      new Pipe(client, this.server, { direction: 'upstream', filter: request, ...shared }),
      new Pipe(this.server, client, { direction: 'downstream', filter: reply, ...shared }),
    ];
    void Promise.all(pipes.map((pipe) => pipe.run()));
  }

  endAfter({ afterMs, reset }: { afterMs: number; reset: boolean }): void {
    const timer = setTimeout(() => this.cut(reset), afterMs);
    this.timers.push(timer);
  }

  /** Goes silent for good, and stays open. */
  freeze(): void {
    this.isFrozen = true;
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
