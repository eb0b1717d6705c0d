import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';
import { LocalError } from './errors.js';
import { type Log, silent } from './log.js';

const triedAbovePreferred = 100;

/**
 * Where "any free port" is looked for: below the range from which systems give ports to outgoing connections, since
 * one of those could come between finding a port and listening on it.
 */
const anyPort = { from: 15_000, to: 32_000, tries: 500 };

/** UDP sockets of the ports that this process has found and that nobody listens on yet. */
const claims = new Map<number, Socket>();

/**
 * The preferred port of 127.0.0.1 if it is free, else the next free one, said in the log. 0 or nothing gives any free port.
 * The port is claimed: no other call finds it, in this process or another, until `releasePort` or the end of the process.
 * A Java program takes seconds to listen; two starts side by side would otherwise find the same port free.
 */
export async function findPort(name: string, preferred = 0, log: Log = silent, taken: ReadonlySet<number> = new Set()): Promise<number> {
  if (preferred === 0) return findAnyPort(name);
  for (let port = preferred; port <= Math.min(preferred + triedAbovePreferred, 65_535); port += 1) {
    if (taken.has(port) || !(await claim(port))) continue;
    if (port !== preferred) log(`port ${preferred} is busy, ${name} takes ${port}`);
    return port;
  }
  throw new LocalError('NO_FREE_PORT', `No free port for ${name} from ${preferred} on: stop what listens there.`);
}

/** To be called once something listens on a found port, or will not. A port that was not claimed is no fault. */
export function releasePort(port: number): void {
  claims.get(port)?.close();
  claims.delete(port);
}

async function findAnyPort(name: string): Promise<number> {
  for (let tried = 0; tried < anyPort.tries; tried += 1) {
    const port = anyPort.from + Math.floor(Math.random() * (anyPort.to - anyPort.from));
    if (await claim(port)) return port;
  }
  throw new LocalError('NO_FREE_PORT', `No free port for ${name} between ${anyPort.from} and ${anyPort.to}: stop what listens there.`);
}

/** Holds the UDP port of the same number, which the system gives to one process alone and takes back when that dies. */
async function claim(port: number): Promise<boolean> {
  if (claims.has(port)) return false;
  const socket = await bindUdp(port);
  if (socket === null) return false;
  claims.set(port, socket);
  if (await canListen(port)) return true;
  releasePort(port);
  return false;
}

function bindUdp(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(null));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(socket.unref()));
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
