import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../paths.js';

const sleeper = (): ChildProcess => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
const watchdog = (): ChildProcess => spawn(process.execPath, [join(packageRoot, 'watchdog.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });

describe('watchdog', () => {
  it('stops what is left when its starter is gone, with the signal that was asked for', async () => {
    const [left, dog] = [sleeper(), watchdog()];
    dog.stdin?.end(`+ ${left.pid} SIGINT\n`);
    expect(await once(left, 'exit')).toEqual([null, 'SIGINT']);
  });

  it('does nothing to what has ended in order', async () => {
    const [other, dog] = [sleeper(), watchdog()];
    dog.stdin?.end(`+ ${other.pid} SIGTERM\n- ${other.pid}\n`);
    expect(await once(dog, 'exit')).toEqual([0, null]);
    expect(other.exitCode).toBeNull();
    other.kill();
    await once(other, 'exit');
  });

  it('is not stopped by the signals that stop its starter', async () => {
    const [left, dog] = [sleeper(), watchdog()];
    dog.stdin?.write(`+ ${left.pid} SIGTERM\n`);
    if (dog.stdout) await once(dog.stdout, 'data');
    dog.kill('SIGINT');
    dog.kill('SIGTERM');
    dog.stdin?.end();
    expect(await once(left, 'exit')).toEqual([null, 'SIGTERM']);
  });
});
