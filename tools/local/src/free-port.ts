import { createServer } from 'node:net';
import { LocalError } from './errors.js';
import { type Log, silent } from './log.js';

const triedAbovePreferred = 100;

/**
 * The preferred port of 127.0.0.1 if it is free, else the next free one, said in the log.
 * 0 or nothing gives any free port. The port is only found, not held; `taken` names those already given to others.
 */
export async function findPort(name: string, preferred = 0, log: Log = silent, taken: ReadonlySet<number> = new Set()): Promise<number> {
  if (preferred === 0) return listenOnce(0);
  for (let port = preferred; port <= Math.min(preferred + triedAbovePreferred, 65_535); port += 1) {
    if (taken.has(port)) continue;
    const free = await listenOnce(port).catch(() => undefined);
    if (free === undefined) continue;
    if (port !== preferred) log(`port ${preferred} is busy, ${name} takes ${port}`);
    return port;
  }
  throw new LocalError('NO_FREE_PORT', `No free port for ${name} from ${preferred} on: stop what listens there.`);
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
