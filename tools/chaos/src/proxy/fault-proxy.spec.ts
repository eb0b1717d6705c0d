import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FaultProxy } from './fault-proxy.js';

let echo: Server;
let proxy: FaultProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('end', () => socket.end());
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  proxy = await FaultProxy.open({ target: { port: typeof address === 'object' && address !== null ? address.port : 0 } });
});
afterEach(async () => {
  clients.splice(0).forEach((client) => client.destroy());
  await proxy.close();
  echo.close();
});

async function open(): Promise<Socket> {
  const client = connect({ host: proxy.host, port: proxy.port });
  clients.push(client);
  client.on('error', () => undefined);
  await once(client, 'connect');
  return client;
}

/** `once` of Node would reject with the error that comes before. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('close', () => resolve()));
}

/** Resolves to what came back once that many bytes did. */
async function received(client: Socket, length: number): Promise<string> {
  let text = '';
  while (text.length < length) text += String((await once(client, 'data'))[0]);
  return text;
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

describe('FaultProxy', () => {
  it('passes everything on, both ways, in order and whole', async () => {
    const client = await open();
    const sent = Array.from({ length: 500 }, (_, n) => `${n};`).join('').repeat(100);
    const back = received(client, sent.length);
    client.write(sent);
    expect(await back).toBe(sent);
  });

  it('passes the end of a side on, and what came before it', async () => {
    const client = await open();
    const back = received(client, 4);
    client.end('last');
    expect(await back).toBe('last');
    await closed(client);
    expect(proxy.connections).toBe(0);
  });

  it('latency: delays each chunk, and does not add the delays of several up', async () => {
    proxy.add({ type: 'latency', latency: 150, stream: 'downstream' });
    const client = await open();
    const took = await elapsed(async () => {
      const back = received(client, 5);
      for (const letter of 'abcde') {
        client.write(letter);
        await sleep(5);
      }
      expect(await back).toBe('abcde');
    });
    expect(took).toBeGreaterThan(140);
    expect(took).toBeLessThan(5 * 140);
  });

  it('bandwidth: takes as long as the bytes need', async () => {
    proxy.add({ type: 'bandwidth', bytesPerSecond: 100_000, stream: 'upstream' });
    const client = await open();
    const took = await elapsed(async () => {
      const back = received(client, 30_000);
      client.write(Buffer.alloc(30_000, 'x'));
      await back;
    });
    expect(took).toBeGreaterThan(250);
  });

  it('timeout: swallows everything until it is taken away, and loses nothing then', async () => {
    const client = await open();
    const heal = proxy.add({ type: 'timeout', timeout: 0 });
    let back = '';
    client.on('data', (chunk) => (back += String(chunk)));
    client.write('held');
    await sleep(100);
    expect(back).toBe('');
    expect(client.destroyed).toBe(false);
    heal();
    await once(client, 'data');
    expect(back).toBe('held');
  });

  it('timeout: closes the connection when its time is over', async () => {
    const client = await open();
    proxy.add({ type: 'timeout', timeout: 50 });
    client.write('lost');
    await closed(client);
    expect(client.bytesRead).toBe(0);
  });

  it('reset_peer: resets connections, open ones and new ones', async () => {
    const before = await open();
    const errors: unknown[] = [];
    const reset = closed(before);
    before.on('error', (error) => errors.push(error));
    proxy.add({ type: 'reset_peer', timeout: 20 });
    await reset;
    expect(errors).toMatchObject([{ code: 'ECONNRESET' }]);
    const after = await open();
    await closed(after);
  });

  it('slow_close: tells the end later', async () => {
    proxy.add({ type: 'slow_close', delay: 100 });
    const client = await open();
    const took = await elapsed(async () => {
      client.end('x');
      client.resume();
      await closed(client);
    });
    expect(took).toBeGreaterThan(180);
  });

  it('freezeOpen: silences the connections that are open, and no new one', async () => {
    const old = await open();
    const first = received(old, 1);
    old.write('1');
    await first;
    proxy.freezeOpen();
    old.write('2');
    const fresh = await open();
    const back = received(fresh, 1);
    fresh.write('3');
    expect(await back).toBe('3');
    expect([old.bytesRead, old.destroyed]).toEqual([1, false]);
  });

  it('disable: breaks connections and refuses new ones until it is enabled under the same port', async () => {
    const client = await open();
    const broken = closed(client);
    await proxy.disable();
    await broken;
    await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.enable();
    const again = await open();
    const back = received(again, 2);
    again.write('ok');
    expect(await back).toBe('ok');
  });

  it('breaks the client\'s connection when nobody listens behind it', async () => {
    const nowhere = await FaultProxy.open({ target: { port: 1 } });
    const client = connect({ host: nowhere.host, port: nowhere.port });
    client.on('error', () => undefined);
    await closed(client);
    await nowhere.close();
  });
});
