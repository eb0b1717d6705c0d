import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findPort, releasePort } from './free-port.js';

const servers: Server[] = [];
const found: number[] = [];

async function find(...args: Parameters<typeof findPort>): Promise<number> {
  const port = await findPort(...args);
  found.push(port);
  return port;
}

/** A port that was free a moment ago, and that nobody has claimed. */
async function freePort(): Promise<number> {
  const port = await find('a part');
  releasePort(port);
  return port;
}

async function occupy(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

afterEach(async () => {
  found.splice(0).forEach(releasePort);
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

describe('findPort', () => {
  it('gives the preferred port when it is free, and says nothing', async () => {
    const lines: string[] = [];
    const free = await freePort();
    expect(await find('a part', free, (line) => lines.push(line))).toBe(free);
    expect(lines).toEqual([]);
  });

  it('gives the next free port when the preferred one is busy, and says so', async () => {
    const lines: string[] = [];
    const busy = await freePort();
    await occupy(busy);
    const port = await find('Kafka', busy, (line) => lines.push(line));
    expect(port).toBeGreaterThan(busy);
    expect(lines).toEqual([`port ${busy} is busy, Kafka takes ${port}`]);
  });

  it('does not give a port that was already given to another', async () => {
    const free = await freePort();
    expect(await find('another', free, undefined, new Set([free]))).not.toBe(free);
  });

  it('gives twenty that ask at once twenty ports, though none of them listens yet', async () => {
    const wished = await freePort();
    const ports = await Promise.all(Array.from({ length: 20 }, () => find('a part', wished)));
    expect(new Set(ports).size).toBe(20);
  });

  it('does not give a port that another process has found, until that ends', async () => {
    const wished = await freePort();
    const holder = `const s = require('node:dgram').createSocket('udp4'); s.bind({ port: ${wished}, address: '127.0.0.1', exclusive: true }, () => console.log('held'));`;
    const other = spawn(process.execPath, ['-e', holder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(other.stdout, 'data');
    expect(await find('a part', wished)).not.toBe(wished);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(await find('a part', wished)).toBe(wished);
  });
});
