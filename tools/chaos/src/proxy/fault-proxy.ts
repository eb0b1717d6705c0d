import { createServer, type Server, type Socket } from 'node:net';
import { type Inspector, Link, passAll } from './link.js';
import { endingOf, type Toxic, Toxics } from './toxics.js';

export interface FaultProxyOptions {
  readonly target: { readonly host?: string; readonly port: number };
  /** Looks into each connection, and may keep back what it sees. Default: everything passes. */
  readonly inspector?: Inspector;
  /** Decides over jitter. Default Math.random. */
  readonly random?: () => number;
}

/** A TCP proxy on a port of 127.0.0.1 that hurts what it passes on as it is told. */
export class FaultProxy {
  private readonly links = new Set<Link>();
  private readonly toxics = new Toxics();
  private server: Server | null = null;

  private constructor(private readonly options: FaultProxyOptions, readonly port: number) {}

  static async open(options: FaultProxyOptions): Promise<FaultProxy> {
    const server = await listen(0, () => undefined);
    const proxy = new FaultProxy(options, portOf(server));
    proxy.serve(server);
    return proxy;
  }

  get host(): string {
    return '127.0.0.1';
  }

  get connections(): number {
    return this.links.size;
  }

  /** Also for connections that are open. Returns what takes it away again. */
  add(toxic: Toxic): () => void {
    const remove = this.toxics.add(toxic);
    for (const link of this.links) for (const ending of endingOf(toxic)) link.endAfter(ending);
    return remove;
  }

  /** The connections that are open now go silent and stay open, as when a router forgets them; new ones work. */
  freezeOpen(): void {
    for (const link of this.links) link.freeze();
  }

  /** The target is gone: connections break and new ones are refused. */
  async disable(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    for (const link of this.links) link.cut(true);
    await closed;
  }

  /** The target is back, under the same port. */
  async enable(): Promise<void> {
    if (this.server === null) this.serve(await listen(this.port, () => undefined));
  }

  close(): Promise<void> {
    return this.disable();
  }

  private serve(server: Server): void {
    this.server = server;
    server.on('connection', (client: Socket) => this.link(client));
  }

  private link(client: Socket): void {
    const { target, inspector = passAll, random = Math.random } = this.options;
    const link = new Link(
      client,
      { target: { host: target.host ?? '127.0.0.1', port: target.port }, toxics: this.toxics, inspector, random },
      () => this.links.delete(link),
    );
    this.links.add(link);
  }
}

function listen(port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, onConnection);
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy listens on no TCP port');
  return address.port;
}
