import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findPort } from './free-port.js';

const servers: Server[] = [];

async function occupy(port: number): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));

describe('findPort', () => {
  it('gives the preferred port when it is free, and says nothing', async () => {
    const lines: string[] = [];
    const free = await findPort('a part');
    expect(await findPort('a part', free, (line) => lines.push(line))).toBe(free);
    expect(lines).toEqual([]);
  });

  it('gives the next free port when the preferred one is busy, and says so', async () => {
    const lines: string[] = [];
    const busy = await occupy(0);
    const found = await findPort('Kafka', busy, (line) => lines.push(line));
    expect(found).toBeGreaterThan(busy);
    expect(lines).toEqual([`port ${busy} is busy, Kafka takes ${found}`]);
  });

  it('does not give a port that was already given to another', async () => {
    const free = await findPort('a part');
    expect(await findPort('another', free, undefined, new Set([free]))).not.toBe(free);
  });
});
